package paper

import "fmt"

// aims says which aims were met.
func (e *doubleWell) aims() []Aim {
	w, f := &e.result.DoneWell, &e.result.Floors
	ess := float64(w.Density.ESS)
	return []Aim{
		atMost("Kullback–Leibler divergence to the exact density, nats", w.Density.KL, 1e-3),
		{Name: "effective sample size", Want: "≥ 0.99", Value: w.Density.ESS, Shown: fmt.Sprintf("%.4f", ess), Met: ess >= 0.99},
		within("W2 in the plane, within the spread of the noise floor", w.Joint, f.Joint),
		within("W2 of x₁, within the spread of the noise floor", w.X1, f.X1),
		within("W2 of x₂, within the spread of the noise floor", w.X2, f.X2),
		atMost("round-trip error in float32", Number(w.RoundTrip.Trained), 1e-5),
	}
}

func atMost(name string, value Number, limit float64) Aim {
	return Aim{Name: name, Want: "≤ " + shortNumber(limit), Value: value,
		Shown: shortNumber(value), Met: float64(value) <= limit}
}

// within is the aim to be no farther than the noise floor and twice its spread.
func within(name string, s, floor Spread) Aim {
	return Aim{Name: name, Want: fmt.Sprintf("%.4f ± 2 × %.4f", floor.Mean, floor.SD), Value: Number(s.Mean),
		Shown: fmt.Sprintf("%.4f", s.Mean), Met: s.Mean <= floor.Mean || floor.Within(s.Mean)}
}
