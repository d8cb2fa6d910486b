package flow

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"pushforward/kernels"
)

// cacheLine is the alignment of panels in bytes: a vector that straddles lines costs twice.
const cacheLine = 64

// aligned returns n zeros that start on a cache line.
func aligned[T kernels.Float](n int) []T {
	var t T
	line := cacheLine / int(unsafe.Sizeof(t))
	s := make([]T, n+line)
	skip := 0
	if off := int(uintptr(unsafe.Pointer(&s[0])) % cacheLine); off != 0 {
		skip = (cacheLine - off) / int(unsafe.Sizeof(t))
	}
	return s[skip : skip+n : skip+n]
}

// stride returns the row stride of a panel of so many lanes: rows start on cache lines, and are
// never a power of two apart, which would put them all into the same few cache sets.
func stride[T kernels.Float](lanes int) int {
	var t T
	line := cacheLine / int(unsafe.Sizeof(t))
	ld := (lanes + line - 1) / line * line
	if ld&(ld-1) == 0 {
		ld += line
	}
	return ld
}

// freelist keeps things that are expensive to make for their next use. It holds as many as were
// in use at once. (A sync.Pool would drop them at a garbage collection, and then allocate.)
type freelist[E any] struct {
	last atomic.Pointer[E] // a free one that needs no lock
	mu   sync.Mutex
	free []*E
}

// get returns a free element, or nil where there is none.
func (l *freelist[E]) get() *E {
	if e := l.last.Swap(nil); e != nil {
		return e
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.free)
	if n == 0 {
		return nil
	}
	e := l.free[n-1]
	l.free = l.free[:n-1]
	return e
}

func (l *freelist[E]) put(e *E) {
	if l.last.CompareAndSwap(nil, e) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = append(l.free, e)
}
