package paper

import "pushforward/ot"

// measure makes the paper's test and ours.
func (e *alanine) measure() error {
	if err := e.measurePrinted(); err != nil {
		return err
	}
	return e.measureGood()
}

var (
	onTorus = ot.SquaredEuclidean.OnTorus(360, 360)
	inPlane = ot.SquaredEuclidean
)

// squared is the squared W2 of two clouds in radians, in squared degrees.
func (e *alanine) squared(x, y []float32, cost ot.Cost) (float64, error) {
	r, err := ot.Solve(ot.NewPoints(inDegrees(x), 2), ot.NewPoints(inDegrees(y), 2), nil, nil, cost, ot.WithContext(e.ctx), ot.WithThreads(1))
	if err != nil {
		return 0, err
	}
	e.gap.note(r.RelativeGap())
	return r.W2Squared(), nil
}

// pairs are the clouds that a test compares in repetition i.
type pairs func(i int) (x, y []float32)

// spread measures the distance again and again, from progress done on, of all.
func (e *alanine) spread(done, all, times int, cost ot.Cost, clouds pairs) (Spread, error) {
	return e.repeat("distances on the torus", done, all, times, func(i int) (float64, error) {
		x, y := clouds(i)
		return e.squared(x, y, cost)
	})
}

// slice is part number i, of n points each, of a cloud.
func slice(x []float32, i, n int) []float32 { return x[2*i*n:][:2*n] }

// measurePrinted compares 1,000 generated points with 1,000 frames.
func (e *alanine) measurePrinted() (err error) {
	b, p := e.budget, &e.result.AsPrinted
	frames := shuffled(e.printed.x, e.seed(alanineOrder, 0))
	n := min(b.Small, len(frames)/(4*b.Repeats))
	generated := func(i int) (x, y []float32) { return slice(e.printedSamples, i, n), slice(frames, i, n) }
	floor := func(i int) (x, y []float32) {
		return slice(frames, 2*i, n), slice(frames, 2*i+1, n)
	}
	all := 100 * b.Repeats
	for i, t := range []struct {
		to     *Spread
		cost   ot.Cost
		clouds pairs
	}{{&p.Torus, onTorus, generated}, {&p.Plane, inPlane, generated}, {&p.TorusFloor, onTorus, floor}, {&p.PlaneFloor, inPlane, floor}} {
		if *t.to, err = e.spread(i*b.Repeats, all, b.Repeats, t.cost, t.clouds); err != nil {
			return err
		}
	}
	if p.TorusP, err = e.excess(permutationOrder, 100, b.Permutations, p.Torus.Values, p.TorusFloor.Values); err != nil {
		return err
	}
	if p.PlaneP, err = e.excess(permutationOrder, 101, b.Permutations, p.Plane.Values, p.PlaneFloor.Values); err != nil {
		return err
	}
	var each [][]float32
	for r := range e.printed.replicas {
		each = append(each, shuffled(e.printed.replica(r), e.seed(alanineOrder, 10+r)))
	}
	var between [][2]int
	for i := range each {
		for j := range i {
			between = append(between, [2]int{i, j})
		}
	}
	n = min(b.Small, e.printed.frames)
	p.Trajectories, err = e.spread(4*b.Repeats, all, len(between), onTorus, func(i int) (x, y []float32) {
		return slice(each[between[i][0]], 0, n), slice(each[between[i][1]], 0, n)
	})
	return err
}

// measureGood compares the flows done well with frames that they were trained on
// or not alike: all are draws of one law.
func (e *alanine) measureGood() (err error) {
	b, d := e.budget, &e.result.DoneWell
	frames := shuffled(e.converged.equilibrium(), e.seed(alanineOrder, 1))
	half := e.converged.replicas / 2
	first := shuffled(e.converged.part(0, half).equilibrium(), e.seed(alanineOrder, 2))
	second := shuffled(e.converged.part(half, e.converged.replicas).equilibrium(), e.seed(alanineOrder, 3))
	large := min(b.Large, len(frames)/(4*b.Repeats), len(first)/(2*b.Repeats), len(second)/(2*b.Repeats))
	for _, x := range e.samples {
		large = min(large, len(x)/(2*b.Repeats))
	}
	e.large = large
	small := min(b.Small, len(frames)/(4*b.Repeats))
	floor := func(n int) pairs {
		return func(i int) (x, y []float32) { return slice(frames, 2*i, n), slice(frames, 2*i+1, n) }
	}
	// In units of the time of a small cloud.
	const weight = 20
	done, all := 10*b.Repeats, b.Repeats*(20+weight*(2+len(e.flows)))
	run := func(to *Spread, n, cost int, clouds pairs) {
		if err == nil {
			*to, err = e.spread(done/cost, all/cost, b.Repeats, onTorus, clouds)
			done += cost * b.Repeats
		}
	}
	run(&d.SmallFloor, small, 1, floor(small))
	run(&d.LargeFloor, large, weight, floor(large))
	run(&d.Halves, large, weight, func(i int) (x, y []float32) { return slice(first, i, large), slice(second, i, large) })
	for k := range e.flows {
		f := &d.Flows[k]
		generated := func(n int) pairs {
			return func(i int) (x, y []float32) { return slice(e.samples[k], i, n), slice(frames, 2*i, n) }
		}
		run(&f.Small, small, 1, generated(small))
		run(&f.Large, large, weight, generated(large))
	}
	if err != nil {
		return err
	}
	return e.compareHistograms(frames, large)
}

// compareHistograms measures total variation, and gives every test its p-value.
func (e *alanine) compareHistograms(frames []float32, n int) (err error) {
	b, d := e.budget, &e.result.DoneWell
	against := make([]grid2, b.Repeats)
	var values []float64
	for i := range against {
		against[i] = histogram2(slice(frames, 2*i, n), b.Bins)
		values = append(values, totalVariation(against[i], histogram2(slice(frames, 2*i+1, n), b.Bins)))
	}
	d.VariationFloor = rangeOfValues(values)
	for k := range e.flows {
		f := &d.Flows[k]
		var values []float64
		for i := range against {
			values = append(values, totalVariation(against[i], histogram2(slice(e.samples[k], i, n), b.Bins)))
		}
		f.Variation = rangeOfValues(values)
		for i, t := range []struct {
			p               *float64
			distances, zero []float64
		}{
			{&f.SmallP, f.Small.Values, d.SmallFloor.Values},
			{&f.LargeP, f.Large.Values, d.LargeFloor.Values},
			{&f.VariationP, f.Variation.Values, d.VariationFloor.Values},
		} {
			if *t.p, err = e.excess(permutationOrder, 110+10*k+i, b.Permutations, t.distances, t.zero); err != nil {
				return err
			}
		}
	}
	return nil
}
