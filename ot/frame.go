package ot

import "math"

// frame is the problem as the solvers see it: points without mass left out,
// coordinates wrapped where periodic, centred where the squared cost allows it
// (W2² = |Δ|² + W2² of the centred clouds), and scaled by a power of two so
// that the whole has a size near one. All of it is exact or well conditioned.
type frame struct {
	met       metric
	mass      masses
	x, y      []float64 // all points, row-major, in the frame
	shift     []float64 // Δ in the frame, nil when not centred
	exponent  int       // frame coordinates = 2^-exponent × given ones
	cost      Cost
	usedX     []int32 // points with mass
	usedY     []int32
	costBound float64
	rawX      Points
	given     *matrix // the costs where there are no points
	threads   int
}

// solution is what a solver finds, in the frame, numbered as given.
type solution struct {
	plan     []entry
	f, g     []float64 // potentials of the points with mass; g nil: what f leaves
	method   Method
	pivots   int
	rounds   int
	feasible bool  // for all pairs already
	stopped  error // why the solver ended early
}

// entry is an amount of integer mass that goes from point i to point j.
type entry struct {
	i, j int32
	flow int64
}

func newFrame(x, y Points, mass masses, cost Cost, period []float64) *frame {
	d := x.Dim
	f := &frame{mass: mass, cost: cost, rawX: x, met: metric{kind: cost.kind, dim: d}}
	largest := 0.0
	for _, p := range []Points{x, y} {
		for k, v := range p.X {
			if period == nil || period[k%d] == 0 {
				largest = max(largest, math.Abs(v))
			}
		}
	}
	for _, p := range period {
		largest = max(largest, p)
	}
	_, e := math.Frexp(largest)
	f.exponent = e
	f.x, f.y = scaled(x.X, e), scaled(y.X, e)
	if period != nil {
		f.met.period = scaled(period, e)
		wrapAll(f.x, f.met.period)
		wrapAll(f.y, f.met.period)
	}
	f.usedX, f.usedY = withMass(mass.a), withMass(mass.b)
	if cost.kind == squaredEuclidean {
		f.shift = make([]float64, d)
	}
	for k := range d {
		if f.met.period != nil && f.met.period[k] > 0 {
			continue
		}
		cx := centre(f.x, d, k, mass.a)
		cy := cx
		if f.shift != nil {
			cy = centre(f.y, d, k, mass.b)
			f.shift[k] = cx - cy
		}
		for i := k; i < len(f.x); i += d {
			f.x[i] -= cx
		}
		for j := k; j < len(f.y); j += d {
			f.y[j] -= cy
		}
	}
	f.rescale()
	f.costBound = f.bound()
	return f
}

// rescale brings the centred coordinates near one, for a small cloud far from 0.
func (f *frame) rescale() {
	largest := 0.0
	for _, s := range [][]float64{f.x, f.y, f.met.period, f.shift} {
		for _, v := range s {
			largest = max(largest, math.Abs(v))
		}
	}
	if largest == 0 {
		return
	}
	_, e := math.Frexp(largest)
	f.exponent += e
	for _, s := range [][]float64{f.x, f.y, f.met.period, f.shift} {
		scale(s, s, e)
	}
}

// bound is a number that no cost in the frame exceeds.
func (f *frame) bound() float64 {
	d := f.met.dim
	corner := make([]float64, d)
	for k := range d {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, s := range [][]float64{f.x, f.y} {
			for i := k; i < len(s); i += d {
				lo, hi = min(lo, s[i]), max(hi, s[i])
			}
		}
		corner[k] = hi - lo
		if f.met.period != nil && f.met.period[k] > 0 {
			corner[k] = min(corner[k], f.met.period[k]/2)
		}
	}
	free := metric{kind: f.met.kind, dim: d}
	return free.between(corner, make([]float64, d)) * (1 + 1e-12)
}

func scaled(x []float64, e int) []float64 {
	s := make([]float64, len(x))
	scale(s, x, e)
	return s
}

// scale makes into 2^-e × x, rounded once.
func scale(into, x []float64, e int) {
	if e >= -1022 && e <= 1022 {
		power := math.Ldexp(1, -e)
		for i, v := range x {
			into[i] = v * power
		}
		return
	}
	for i, v := range x {
		into[i] = math.Ldexp(v, -e)
	}
}

// wrapAll brings periodic coordinates into [0, P].
func wrapAll(x, period []float64) {
	for i, v := range x {
		if p := period[i%len(period)]; p > 0 {
			if v = math.Mod(v, p); v < 0 {
				v += p
			}
			x[i] = v
		}
	}
}

// withMass lists the points that carry mass.
func withMass(mass []int64) []int32 {
	u := make([]int32, 0, len(mass))
	for i, w := range mass {
		if w > 0 {
			u = append(u, int32(i))
		}
	}
	return u
}

// centre is the mean of coordinate k.
func centre(x []float64, d, k int, mass []int64) float64 {
	var s, w accumulator
	for i, q := range mass {
		s.add(float64(x[i*d+k] * float64(q)))
		w.add(float64(q))
	}
	return s.value() / w.value()
}

// between is the cost in the frame of moving a unit of mass from point i to point j.
func (f *frame) between(i, j int32) float64 {
	if f.given != nil {
		return f.given.at(int(i), int(j))
	}
	d := f.met.dim
	return f.met.between(f.x[int(i)*d:][:d], f.y[int(j)*d:][:d])
}

// unit is the exponent of the cost: frame costs are 2^-unit × given ones.
func (f *frame) unit() int {
	if f.given != nil {
		return f.exponent
	}
	return f.cost.Power() * f.exponent
}

// toUnit takes a total cost in the frame, Σ of integer flow × cost, to the given unit.
func (f *frame) toUnit(v float64) float64 {
	v /= float64(f.mass.total)
	for _, s := range f.shift {
		v += float64(s * s)
	}
	return math.Ldexp(v, f.unit())
}
