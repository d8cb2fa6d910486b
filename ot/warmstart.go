package ot

import "math"

// warmStart are potentials in the frame, numbered as given.
type warmStart struct{ f, g []float64 }

// warmStart takes given potentials to the frame. Where points have moved since,
// their own potentials have lost more than the other side's: of f with the g
// that belong to it, and g with its f, those with the higher dual value are taken.
func (f *frame) warmStart(set *settings) *warmStart {
	if !set.warm {
		return nil
	}
	w := &warmStart{f.enframe(set.f, f.x, 1), f.enframe(set.g, f.y, -1)}
	if f.given != nil {
		return w
	}
	byF := &warmStart{w.f, f.transform(f.x, f.usedX, w.f, f.y, nil, repeat(math.Inf(1), len(w.g)))}
	byG := &warmStart{f.transform(f.y, f.usedY, w.g, f.x, nil, repeat(math.Inf(1), len(w.f))), w.g}
	if f.mass.value(byG) > f.mass.value(byF) {
		return byG
	}
	return byF
}

// value is Σ a f + Σ b g.
func (m *masses) value(w *warmStart) float64 {
	var s accumulator
	for i, v := range w.f {
		if m.a[i] > 0 {
			s.add(float64(v * float64(m.a[i])))
		}
	}
	for j, v := range w.g {
		if m.b[j] > 0 {
			s.add(float64(v * float64(m.b[j])))
		}
	}
	return s.value()
}
