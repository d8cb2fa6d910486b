package brenier

import "math"

// envelope takes the c-transform of rows on one axis,
//
//	out(x) = min over y of ½|x − y|² − φ(y),
//
// at the centres of all cells, in linear time. With f(y) = ½y² − φ(y) it is
// Legendre's transform, out(x) = ½x² − max (xy − f(y)): the lower convex hull of
// f holds every y that is ever best, and for increasing x the best one moves to
// the right (Lucet 1997; Felzenszwalb and Huttenlocher 2012).
//
// Between two neighbours on the hull f is taken as the parabola through them
// whose second difference is the smaller of theirs, so that a smooth φ is
// transformed with an error of third order in the step instead of second, while
// at a kink, which only one of the two sees, nothing is added. That f is convex
// again, and its transform never exceeds that of the values at the centres
// alone: φ(y) + out(x) ≤ ½|x − y|² holds for all pairs of centres.
type envelope struct {
	axis  Axis
	n     int
	unit  float64 // h², by which potentials are divided inside
	first int     // the hull's first node: left of cell 0 on a circle
	nodes int
	slope []float64 // of f from node k to k+1
	bend  []float64 // second difference of f at node k, ≥ 0
	at    []int32   // hull: node
	from  []float64 // hull: slope from the node before
	phi   []float64
}

func newEnvelope(a Axis) *envelope {
	e := &envelope{axis: a, n: a.Cells, nodes: a.Cells}
	h := a.Step()
	e.unit = float64(h * h)
	if a.Periodic { // the best y is at most half a period away
		half := a.Cells/2 + 2
		e.first, e.nodes = -half, a.Cells+2*half
	}
	e.phi = make([]float64, e.nodes)
	e.slope = make([]float64, e.nodes)
	e.bend = make([]float64, e.nodes)
	e.at = make([]int32, e.nodes+1)
	e.from = make([]float64, e.nodes+2)
	return e
}

// transform writes the c-transform of phi to out.
func (e *envelope) transform(out, phi []float64) {
	e.load(phi)
	top := e.hull()
	e.evaluate(out, top)
}

// load brings the potential to units of steps, unrolled on a circle.
func (e *envelope) load(phi []float64) {
	inv := 1 / e.unit
	if !e.axis.Periodic {
		for k, v := range phi {
			e.phi[k] = float64(v * inv)
		}
	} else {
		j := ((e.first % e.n) + e.n) % e.n
		for k := range e.phi {
			e.phi[k] = float64(phi[j] * inv)
			if j++; j == e.n {
				j = 0
			}
		}
	}
	last := e.nodes - 1
	for k := range last {
		e.slope[k] = float64(e.first+k) + 0.5 - (e.phi[k+1] - e.phi[k])
	}
	for k := 1; k < last; k++ {
		e.bend[k] = max(0, e.slope[k]-e.slope[k-1])
	}
	e.bend[0], e.bend[last] = e.bend[1], e.bend[last-1]
}

// hull finds the nodes on the lower convex hull of f, and gives their number.
func (e *envelope) hull() int {
	e.at[0], e.from[0] = 0, math.Inf(-1)
	top := 0
	for k := 1; k < e.nodes; k++ {
		s := e.slope[k-1]
		if int(e.at[top]) != k-1 {
			s = e.chord(int(e.at[top]), k)
		}
		for s <= e.from[top] {
			top--
			s = e.chord(int(e.at[top]), k)
		}
		top++
		e.at[top], e.from[top] = int32(k), s
	}
	e.from[top+1] = math.Inf(1)
	return top + 1
}

// chord is the slope of f from node p to node q.
func (e *envelope) chord(p, q int) float64 {
	return float64(e.first) + 0.5*float64(p+q) - (e.phi[q]-e.phi[p])/float64(q-p)
}

func (e *envelope) evaluate(out []float64, size int) {
	k := 0
	for i := range out {
		x := float64(i)
		for e.from[k+1] < x {
			k++
		}
		j := int(e.at[k])
		d := x - float64(e.first+j)
		v := float64(0.5*float64(d*d)) - e.phi[j]
		// At most one side gains: the rises to both sum to the bend at j.
		if k+1 < size && int(e.at[k+1]) == j+1 {
			v -= dip(min(e.bend[j], e.bend[j+1]), e.from[k+1]-x)
		}
		if k > 0 && int(e.at[k-1]) == j-1 {
			v -= dip(min(e.bend[j], e.bend[j-1]), x-e.from[k])
		}
		out[i] = float64(v * e.unit)
	}
	if !e.axis.Periodic {
		e.reachWalls(out, size)
	}
}

// dip is how far the parabola through (0, 0) and (1, rise) with the second
// derivative bend goes below zero between them.
func dip(bend, rise float64) float64 {
	g := bend - 2*rise
	if g <= 0 {
		return 0
	}
	return float64(g*g) / (8 * bend)
}

// reachWalls lets y go on half a step beyond the outermost centres, to the
// walls, with f continued by its last parabola.
func (e *envelope) reachWalls(out []float64, size int) {
	last := e.nodes - 1
	if int(e.at[1]) == 1 {
		bend := e.bend[0]
		for i := 0; i < e.n && float64(i) <= e.from[1]; i++ {
			out[i] -= float64(e.unit * wallDip(bend, float64(i)-(e.slope[0]-bend)))
		}
	}
	if int(e.at[size-2]) == last-1 {
		bend := e.bend[last]
		for i := e.n - 1; i >= 0 && float64(i) > e.from[size-1]; i-- {
			out[i] -= float64(e.unit * wallDip(bend, e.slope[last-1]+bend-float64(i)))
		}
	}
}

// wallDip is dip on the first half of the interval alone.
func wallDip(bend, rise float64) float64 {
	if rise < 0 {
		return bend/8 - rise/2
	}
	return dip(bend, rise)
}
