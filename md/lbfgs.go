package md

import "math"

// lbfgs minimizes a function of d coordinates by the limited-memory method of
// Broyden, Fletcher, Goldfarb and Shanno (Liu, Nocedal, Math. Program. 45, 503,
// 1989), one evaluation at a time: trial is where the function is wanted next.
type lbfgs struct {
	trial []float64

	move      float64   // largest change of a coordinate in a step
	noise     float64   // relative error of energies
	x, g      []float64 // the point reached, and its gradient
	energy    float64
	along     []float64 // the direction searched, by the factor length from x
	length    float64
	slope     float64 // g·along
	steps     int     // points reached after the first
	pairs     []curvature
	state     lbfgsState
	factors   [lbfgsMemory]float64
	begun     bool
	steepened bool // along is that of the gradient
}

// curvature is a step and the change of the gradient over it.
type curvature struct {
	s, y  []float64
	scale float64 // 1/(s·y)
}

type lbfgsState uint8

const (
	searching lbfgsState = iota
	converged
	stalled // no lower point is found along the gradient
)

// lbfgsMemory is how many pairs are kept.
const lbfgsMemory = 8

func newLBFGS(x []float64, move, noise float64) *lbfgs {
	d := len(x)
	m := &lbfgs{trial: x, move: move, noise: noise, x: make([]float64, d), g: make([]float64, d), along: make([]float64, d)}
	copy(m.x, x)
	return m
}

// tell takes the energy u and the gradient g at trial, and sets the next trial. A
// point is reached when the largest component of its gradient is at most force.
func (m *lbfgs) tell(u float64, g []float64, force float64) {
	switch {
	case !m.begun:
		m.begun = true
		m.energy = u
		copy(m.g, g)
		if u-u != 0 || largest(g)-largest(g) != 0 {
			m.state = stalled // nowhere to start from
			return
		}
	case m.accepts(u, g):
		m.remember(g)
		copy(m.x, m.trial)
		copy(m.g, g)
		m.energy = u
		m.steps++
	default:
		m.shorten(u)
		return
	}
	if largest(m.g) <= force {
		m.state = converged
		return
	}
	m.direct()
}

// accepts tells whether the trial is low enough: by Armijo's rule, or where
// energies differ by their rounding only, if the slope is (Hager, Zhang, SIAM J.
// Optim. 16, 170, 2005).
func (m *lbfgs) accepts(u float64, g []float64) bool {
	const decrease = 0.1
	if u-u != 0 || largest(g)-largest(g) != 0 {
		return false
	}
	if u <= m.energy+float64(decrease*float64(m.length*m.slope)) && u < m.energy {
		return true
	}
	return u <= m.energy+float64(m.noise*math.Abs(m.energy)) && dotProduct(g, m.along) <= (2*decrease-1)*m.slope
}

// remember keeps the pair of the step to the trial, where the gradient is g.
func (m *lbfgs) remember(g []float64) {
	var p curvature
	if len(m.pairs) == lbfgsMemory {
		p = m.pairs[0]
		copy(m.pairs, m.pairs[1:])
		m.pairs = m.pairs[:lbfgsMemory-1]
	} else {
		p.s, p.y = make([]float64, len(g)), make([]float64, len(g))
	}
	for c := range g {
		p.s[c], p.y[c] = m.trial[c]-m.x[c], g[c]-m.g[c]
	}
	sy := dotProduct(p.s, p.y)
	if !(sy > 1e-10*math.Sqrt(dotProduct(p.s, p.s)*dotProduct(p.y, p.y))) {
		m.pairs = m.pairs[:0] // the function is not convex here
		return
	}
	p.scale = 1 / sy
	m.pairs = append(m.pairs, p)
}

// direct chooses the direction from x, and the trial a whole step along it.
func (m *lbfgs) direct() {
	for c, v := range m.g {
		m.along[c] = -v
	}
	m.steepened = len(m.pairs) == 0
	m.length = 1
	if m.steepened {
		m.length = m.move / (10 * largest(m.g))
	} else {
		for k := len(m.pairs) - 1; k >= 0; k-- {
			p := &m.pairs[k]
			m.factors[k] = p.scale * dotProduct(p.s, m.along)
			addScaled(m.along, -m.factors[k], p.y)
		}
		last := &m.pairs[len(m.pairs)-1]
		scale := 1 / (last.scale * dotProduct(last.y, last.y))
		for c := range m.along {
			m.along[c] *= scale
		}
		for k := range m.pairs {
			p := &m.pairs[k]
			addScaled(m.along, m.factors[k]-float64(p.scale*dotProduct(p.y, m.along)), p.s)
		}
	}
	m.slope = dotProduct(m.g, m.along)
	if !(m.slope < 0) {
		m.retry()
		return
	}
	if most := largest(m.along); m.length*most > m.move {
		m.length = m.move / most
	}
	m.setTrial()
}

// shorten goes back along the direction: to the lowest point of the parabola
// through both energies and the slope, or so.
func (m *lbfgs) shorten(u float64) {
	fall := float64(m.length * m.slope)
	ratio := -fall / (2 * (u - m.energy - fall))
	if !(ratio > 0.1) {
		ratio = 0.1
	}
	m.length *= min(ratio, 0.5)
	if !(m.length*largest(m.along) > 1e-9*m.move) {
		m.retry()
		return
	}
	m.setTrial()
}

// retry goes along the gradient, or gives up where that did not help.
func (m *lbfgs) retry() {
	if m.steepened {
		m.state = stalled
		return
	}
	m.pairs = m.pairs[:0]
	m.direct()
}

func (m *lbfgs) setTrial() {
	copy(m.trial, m.x)
	addScaled(m.trial, m.length, m.along)
}

func dotProduct(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}

func addScaled(y []float64, a float64, x []float64) {
	for i, v := range x {
		y[i] += float64(a * v)
	}
}

// largest is the largest magnitude, or NaN.
func largest(x []float64) (most float64) {
	for _, v := range x {
		if v = math.Abs(v); !(v <= most) {
			most = v
			if v != v {
				return v
			}
		}
	}
	return most
}
