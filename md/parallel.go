package md

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// eachBlock calls work(worker, block) for every block, on the given number of
// goroutines (0: GOMAXPROCS). Which worker takes a block is left to chance, so
// results must depend on the block alone.
func eachBlock(threads, blocks int, work func(worker, block int)) {
	workers := min(workerCount(threads), blocks)
	if workers <= 1 {
		for b := range blocks {
			work(0, b)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for {
				b := int(next.Add(1)) - 1
				if b >= blocks {
					return
				}
				work(w, b)
			}
		})
	}
	wg.Wait()
}

func workerCount(threads int) int {
	if threads > 0 {
		return threads
	}
	return runtime.GOMAXPROCS(0)
}
