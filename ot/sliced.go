package ot

import (
	"fmt"
	"math"
	"slices"

	"pushforward/kernels"
)

// Sliced is the mean of one-dimensional transport costs over directions.
type Sliced struct {
	// Costs are W_p^p between the laws' projections, one for each direction.
	Costs []float64
	// Mean is their mean, the p-th power of the sliced Wasserstein distance: for
	// p = 2 a square. W is the distance.
	Mean float64
	// StdErr is the standard error of Mean as an estimate of the mean over the
	// whole sphere: the standard deviation of Costs (divisor L − 1) over √L, and
	// 0 for a single direction. It says nothing when directions were chosen.
	StdErr float64

	power power
}

// W is the sliced Wasserstein distance, Mean^(1/p), in the unit of the coordinates.
func (s *Sliced) W() float64 { return s.power.root(s.Mean) }

// WStdErr is the standard error of W to first order, StdErr·W / (p·Mean).
func (s *Sliced) WStdErr() float64 {
	if s.Mean == 0 {
		return 0
	}
	return s.StdErr * s.W() / float64(s.power.order()*s.Mean)
}

// MaxW is the greatest of the distances along the directions: a lower bound of
// the max-sliced distance, and for p ≥ 1 of the Wasserstein distance itself.
func (s *Sliced) MaxW() float64 { return s.power.root(slices.Max(s.Costs)) }

// SlicedCost averages LineCost, of order p ≥ 1, over projections of both clouds
// onto the given directions, unit vectors (Rabin, Peyré, Delon, Bernot 2011):
//
//	Mean = 1/L Σ_k W_p^p(θ_k·x, θ_k·y).
//
// The clouds may differ in number; a and b are their weights, nil for uniform
// ones. For directions drawn from the sphere use Directions. The result does
// not depend on the number of threads. Errors name the element that is wrong;
// a direction's length must be 1 to within 1e-9.
func SlicedCost(x, y Points, a, b []float64, p float64, directions Points) (*Sliced, error) {
	power, err := newPower(p)
	if err != nil {
		return nil, err
	}
	if err := checkPair(x, y); err != nil {
		return nil, err
	}
	if err := checkDirections(directions, x.Dim); err != nil {
		return nil, err
	}
	w, err := newLineMasses(x.Len(), y.Len(), a, b)
	if err != nil {
		return nil, err
	}
	s := &Sliced{Costs: make([]float64, directions.Len()), power: power}
	inBlocks(threads(0), len(s.Costs), sliceBlock, func() func(lo, hi int) {
		t := newSlicer(x, y, w, power)
		return func(lo, hi int) {
			for ; lo < hi; lo += sliceBlock {
				n := min(sliceBlock, hi-lo)
				t.costs(s.Costs[lo:lo+n], directions.X[lo*x.Dim:(lo+n)*x.Dim])
			}
		}
	})
	f := NewFloor(s.Costs)
	s.Mean, s.StdErr = f.Mean, f.Std/math.Sqrt(float64(len(s.Costs)))
	if _, err := finiteCost(s.Mean); err != nil {
		return nil, err
	}
	return s, nil
}

// sliceBlock is the number of projections made at once: a cache line's.
const sliceBlock = 8

// SlicedW2Squared is the square of the sliced Wasserstein distance of order 2
// between the uniform laws on two clouds, averaged over a number of projections
// drawn by Directions. (SlicedCost gives its standard error too.)
func SlicedW2Squared(x, y Points, projections int, seed uint64) (float64, error) {
	if projections < 1 {
		return math.NaN(), fmt.Errorf("ot: %d projections, want at least 1", projections)
	}
	if err := checkPair(x, y); err != nil {
		return math.NaN(), err
	}
	s, err := SlicedCost(x, y, nil, nil, 2, Directions(projections, x.Dim, seed))
	if err != nil {
		return math.NaN(), err
	}
	return s.Mean, nil
}

// SlicedW2 is the sliced Wasserstein distance of order 2, the root of
// SlicedW2Squared.
func SlicedW2(x, y Points, projections int, seed uint64) (float64, error) {
	c, err := SlicedW2Squared(x, y, projections, seed)
	return math.Sqrt(c), err
}

// Directions draws n unit vectors uniformly from the sphere in dim dimensions:
// normal vectors, divided by their lengths. Direction k depends on seed and k
// alone. It panics when n or dim is less than 1.
func Directions(n, dim int, seed uint64) Points {
	if n < 1 || dim < 1 {
		panic(fmt.Sprintf("ot: %d directions in %d dimensions", n, dim))
	}
	columns := make([]float64, n*dim)
	kernels.Normals(columns, n, seed, directionStream, 0, n, dim)
	v := make([]float64, n*dim)
	kernels.Transpose(v, dim, columns, n, dim, n)
	for k := range n {
		u := v[k*dim:][:dim]
		length := math.Sqrt(kernels.SumSquares(u))
		if length == 0 {
			u[0], length = 1, 1
		}
		for i := range u {
			u[i] /= length
		}
	}
	return NewPoints(v, dim)
}

// directionStream is the random stream of Directions: "dir".
const directionStream = 0x646972

func checkDirections(v Points, dim int) error {
	if err := v.check("directions"); err != nil {
		return err
	}
	if v.Dim != dim {
		return fmt.Errorf("ot: directions have dimension %d and the points %d, want the same", v.Dim, dim)
	}
	for k := range v.Len() {
		if s := kernels.SumSquares(v.At(k)); math.Abs(s-1) > 2e-9 {
			return fmt.Errorf("ot: direction %d has length %v, want 1", k, math.Sqrt(s))
		}
	}
	return nil
}

// checkPair reports what makes two clouds unfit for transport to one another.
func checkPair(x, y Points) error {
	if err := x.check("x"); err != nil {
		return err
	}
	if err := y.check("y"); err != nil {
		return err
	}
	if x.Dim != y.Dim {
		return fmt.Errorf("ot: x has dimension %d and y %d, want the same", x.Dim, y.Dim)
	}
	return nil
}

// slicer has the space in which one thread projects and sorts.
type slicer struct {
	x, y       slicedSide
	directions []float64 // [dim][sliceBlock]
	line       line
}

func newSlicer(x, y Points, w *lineMasses, p power) *slicer {
	return &slicer{
		x: newSlicedSide(x, &w.x), y: newSlicedSide(y, &w.y),
		directions: make([]float64, x.Dim*sliceBlock),
		line:       line{x: w.x.room(x.Len()), y: w.y.room(y.Len()), total: w.total, power: p},
	}
}

// costs gives the costs along a block of directions.
func (t *slicer) costs(dst, directions []float64) {
	dim := len(directions) / len(dst)
	kernels.Transpose(t.directions, sliceBlock, directions, dim, len(dst), dim)
	t.x.project(t.directions, len(dst))
	t.y.project(t.directions, len(dst))
	for k := range dst {
		t.x.take(&t.line.x, k)
		t.y.take(&t.line.y, k)
		dst[k] = t.line.cost()
	}
}

// slicedSide is one cloud's part of it.
type slicedSide struct {
	points Points
	w      *sideMasses
	across []float64 // projections, a point's in a row [n][sliceBlock]
	along  []float64 // and a direction's in a row [sliceBlock][n]
	sorted bool      // they are in order
	sorter bucketSort
}

// Numbers without masses are sorted across, a direction in each lane, if they
// are not too many for the cache nor the directions too few for the lanes. (A
// Zen 3 takes 2.6 ns for one of 1,000 numbers, which bucketSort sorts in 10 ns.)
const (
	mostAcross  = 1 << 15
	leastAcross = 3
)

func newSlicedSide(p Points, w *sideMasses) slicedSide {
	n := p.Len()
	s := slicedSide{points: p, w: w, along: make([]float64, sliceBlock*n)}
	if s.mayAcross() {
		n = kernels.SortRows(n)
	}
	s.across = make([]float64, sliceBlock*n)
	return s
}

func (s *slicedSide) mayAcross() bool { return s.w.mass == nil && s.points.Len() <= mostAcross }

// project projects the points onto the first so many directions of [dim][sliceBlock].
func (s *slicedSide) project(directions []float64, lines int) {
	n := s.points.Len()
	kernels.Dense(s.across, sliceBlock, directions, sliceBlock, s.points.X, nil, s.points.Dim, n, lines, kernels.Identity)
	if s.sorted = s.mayAcross() && lines >= leastAcross; s.sorted {
		kernels.SortColumns(s.across, sliceBlock, n, sliceBlock)
	}
	kernels.Transpose(s.along, n, s.across, sliceBlock, n, lines)
}

// take makes the projections onto direction k those of a side of the line.
func (s *slicedSide) take(to *side1D, k int) {
	n := s.points.Len()
	along := s.along[k*n:][:n]
	if s.sorted {
		copy(to.at, along)
	} else {
		s.w.take(to, along, &s.sorter)
	}
}
