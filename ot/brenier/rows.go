package brenier

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// bundle is how many rows go together: that many numbers fill a cache line
// when rows are written as columns.
const bundle = 8

// team runs loops over bundles of rows on several goroutines. Which one takes a
// bundle is left to chance, so results must not depend on it.
type team struct{ size int }

func newTeam(threads int) team {
	if threads < 1 {
		threads = runtime.GOMAXPROCS(0)
	}
	return team{min(threads, 64)}
}

// each calls f(worker, lo, hi) for every bundle [lo, hi) of n rows; calls with
// the same worker do not overlap.
func (t team) each(n int, f func(worker, lo, hi int)) {
	bundles := (n + bundle - 1) / bundle
	if t.size == 1 || bundles == 1 {
		for lo := 0; lo < n; lo += bundle {
			f(0, lo, min(lo+bundle, n))
		}
		return
	}
	var next atomic.Int64
	work := func(w int) {
		for {
			lo := int(next.Add(1)-1) * bundle
			if lo >= n {
				return
			}
			f(w, lo, min(lo+bundle, n))
		}
	}
	var wg sync.WaitGroup
	for w := 1; w < min(t.size, bundles); w++ {
		wg.Go(func() { work(w) })
	}
	work(0)
	wg.Wait()
}

// scatter writes rows of length n, one after another in rows, as columns at ...
// at+count−1 of a matrix with the given row length.
func scatter(dst []float64, stride, at int, rows []float64, n, count int) {
	if count == bundle {
		r0, r1, r2, r3 := rows[:n], rows[n:][:n], rows[2*n:][:n], rows[3*n:][:n]
		r4, r5, r6, r7 := rows[4*n:][:n], rows[5*n:][:n], rows[6*n:][:n], rows[7*n:][:n]
		for j := range r0 {
			d := dst[j*stride+at:][:bundle]
			d[0], d[1], d[2], d[3] = r0[j], r1[j], r2[j], r3[j]
			d[4], d[5], d[6], d[7] = r4[j], r5[j], r6[j], r7[j]
		}
		return
	}
	for j := range n {
		for c := range count {
			dst[j*stride+at+c] = rows[c*n+j]
		}
	}
}
