package ot

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// threads is how many goroutines n > 0 asks for; 0 stands for GOMAXPROCS.
func threads(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// inBlocks runs work over 0 … n−1 in blocks of the given size on so many
// goroutines; each makes itself a worker first. Which worker takes a block is
// left to chance, so a block's outcome must not depend on it.
func inBlocks(workers, n, block int, worker func() func(lo, hi int)) {
	blocks := (n + block - 1) / block
	workers = min(workers, blocks)
	if workers <= 1 {
		if n > 0 {
			worker()(0, n)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			work := worker()
			for {
				k := int(next.Add(1)) - 1
				if k >= blocks {
					return
				}
				work(k*block, min((k+1)*block, n))
			}
		})
	}
	wait.Wait()
}
