package ot

import (
	"math"

	"pushforward/kernels"
)

// distanceSweep looks through all rows for those within a limit of a column,
// distance + weight < limit, and takes roots for few of them: such a row has
//
//	|x−y|² + w·(2·limit − w) < limit²,
//
// up to rounding, which kernels look for in blocks of squared distances.
type distanceSweep struct {
	*rowPanel
	largest float64   // weight, in size
	lift    []float64 // w·(2·limit − w)
	least   []float64 // of each block
}

func newDistanceSweep(p *rowPanel) *distanceSweep {
	blocks := (p.rows + kernels.BlockSize - 1) / kernels.BlockSize
	return &distanceSweep{rowPanel: p, lift: make([]float64, p.rows), least: make([]float64, blocks)}
}

func (s *distanceSweep) setWeights(w []float64) {
	s.rowPanel.setWeights(w)
	s.largest = 0
	for _, v := range s.weight {
		s.largest = max(s.largest, math.Abs(v))
	}
}

func (s *distanceSweep) fork() pairs {
	f := newDistanceSweep(s.rowPanel.fork().(*rowPanel))
	f.largest = s.largest
	return f
}

func (s *distanceSweep) nearestFew(j int, limit float64, f []found) int {
	if math.IsInf(limit, 1) {
		return s.rowPanel.nearestFew(j, limit, f)
	}
	d, n := s.met.dim, s.rows
	square := s.cost
	kernels.SquaredDistances(square, n, s.y[j*d:][:d], 1, s.byAxis, n, n, d, s.met.period)
	lift := s.lift[:len(s.weight)]
	for i, w := range s.weight {
		lift[i] = float64(w * (2*limit - w))
	}
	kernels.BlockMinSum(s.least, square, lift)
	size := math.Abs(limit) + s.largest
	most := float64(limit*limit) + float64(64*epsilon*float64(size*size))
	count := 0
	for k, v := range s.least {
		if !(v < most) {
			continue
		}
		from := k * kernels.BlockSize
		for q, v := range square[from:min(from+kernels.BlockSize, n)] {
			if u := math.Sqrt(v) + s.weight[from+q]; u < limit {
				count, limit = insert(f, count, found{u, int32(from + q)}, limit)
			}
		}
	}
	return count
}
