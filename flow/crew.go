package flow

import (
	"runtime"
	"sync/atomic"
	"time"
)

// The crew runs the blocks of a call on several cores. Its helpers are goroutines that wait for
// work by spinning for a short while, then end: waking a parked core costs tens of microseconds,
// handing over to one that spins about 0.1. A call's own goroutine always works on its blocks too,
// and takes back what no helper came for, so nobody waits for a helper that is slow to wake.
//
// Which goroutine computes a block never matters to its result.

// task is work that is cut into blocks. worker is 0 for the calling goroutine; each helper that
// takes part in a call has a number of its own, below the call's limit of threads.
type task interface{ runBlock(block, worker int) }

const (
	// spinFor is how long a helper waits for more work before it ends.
	spinFor = 60 * time.Microsecond
	// wakeWork is the number of multiply-adds from which on a helper that sleeps is worth waking
	// at once: 100 to 200 µs of one core.
	wakeWork = 12 << 20
	// shareWork is the number of multiply-adds from which on a helper that spins pays, and from
	// which on a second call in close succession wakes one.
	shareWork = 200 << 10
)

// post is where one helper is offered work.
type post struct {
	offer atomic.Pointer[shift]
	state atomic.Int32
	_     [48]byte // keep posts on cache lines of their own
}

const (
	vacant   int32 = iota // no helper
	starting              // a goroutine is on its way
	manned                // a helper spins or works
)

// shift is one call's work while it runs.
type shift struct {
	task    task
	blocks  int64
	next    atomic.Int64
	workers atomic.Int64 // numbers given out so far
	pending atomic.Int64 // offers that were not withdrawn and whose helpers have not left
}

var (
	posts     [64]post
	lastShare atomic.Int64 // when a call that could be shared last ended, in ns since start
	start     = time.Now()
	shifts    freelist[shift]
)

// run runs t's blocks on up to threads goroutines; work is the number of multiply-adds of all of
// them.
func run(t task, blocks, threads, work int) {
	threads = min(threads, blocks, len(posts)+1)
	if threads <= 1 || work < shareWork {
		for b := range blocks {
			t.runBlock(b, 0)
		}
		return
	}
	wake := work >= wakeWork || int64(time.Since(start))-lastShare.Load() < int64(spinFor)
	s := shifts.get()
	if s == nil {
		s = new(shift)
	}
	s.task, s.blocks = t, int64(blocks)
	s.next.Store(0)
	s.workers.Store(0)
	s.pending.Store(0)
	asked := 0
	for offered := 0; asked < len(posts) && offered < threads-1; asked++ {
		offered += s.offerTo(&posts[asked], wake)
	}
	s.work(0)
	for i := range posts[:asked] {
		if p := &posts[i]; p.offer.Load() == s && p.offer.CompareAndSwap(s, nil) {
			s.pending.Add(-1)
		}
	}
	for spin := 0; s.pending.Load() > 0; spin++ {
		if spin > 100 {
			runtime.Gosched()
		}
	}
	s.task = nil
	shifts.put(s)
	lastShare.Store(int64(time.Since(start)))
}

// offerTo offers the work to a post whose helper is idle, or wakes one; it returns 1 if it did.
func (s *shift) offerTo(p *post, wake bool) int {
	state := p.state.Load()
	if state == vacant && !wake {
		return 0
	}
	s.pending.Add(1)
	if !p.offer.CompareAndSwap(nil, s) {
		s.pending.Add(-1)
		return 0
	}
	if p.state.Load() == vacant && p.state.CompareAndSwap(vacant, starting) {
		go help()
	}
	return 1
}

// work runs blocks until there are none left.
func (s *shift) work(worker int) {
	for {
		b := s.next.Add(1) - 1
		if b >= s.blocks {
			return
		}
		s.task.runBlock(int(b), worker)
	}
}

// help mans a post that waits for a helper. It takes no argument so that starting it allocates
// nothing.
func help() {
	for i := range posts {
		if p := &posts[i]; p.state.Load() == starting && p.state.CompareAndSwap(starting, manned) {
			p.man()
			return
		}
	}
}

// man works on what is offered until nothing was for a while.
func (p *post) man() {
	idle := time.Now()
	for spin := 1; ; spin++ {
		if s := p.offer.Load(); s != nil && p.offer.CompareAndSwap(s, nil) {
			s.work(int(s.workers.Add(1)))
			s.pending.Add(-1)
			idle = time.Now()
			continue
		}
		if spin%64 != 0 {
			continue
		}
		if time.Since(idle) < spinFor {
			runtime.Gosched()
			continue
		}
		p.state.Store(vacant)
		// An offer made just before that would wait in vain for a helper.
		if p.offer.Load() == nil || !p.state.CompareAndSwap(vacant, manned) {
			return
		}
	}
}
