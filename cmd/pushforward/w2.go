package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"pushforward/internal/cli"
	"pushforward/internal/npy"
	"pushforward/ot"
)

func w2Command() *cli.Command {
	c := &cli.Command{
		Name: "w2", Args: "A.npy B.npy", MinArgs: 2, MaxArgs: 2,
		Summary: "Wasserstein distance W2 between two sets of samples",
		Description: `Prints the Wasserstein distance of order 2 between the laws on two sets of
samples, and its square: POT's emd2 and wasserstein_1d(p=2) give the square.
The sets may have different sizes, and weights. Methods:

  exact              the fastest exact one for the problem; each proves by duality
                     that no plan is cheaper than the gap says
  auction            for equal sizes without weights
  column-generation  a network simplex, for any problem
  small-side         a network simplex for few samples on one side
  1d                 each coordinate by itself
  sliced             the mean over --projections onto random lines
  sinkhorn           the debiased Sinkhorn divergence at --epsilon, in the unit
                     of the squared distance

Two sets of samples of the same law are not at distance 0. --floor N mixes both
sets, deals them out again N times, and measures the same distance: what chance
alone gives, and the share of it that is no smaller (the p-value). That holds
for independent samples: thin a trajectory first.

` + dataHelp,
		Example: `pushforward simulate double-well --seed 1 --every 10 --out a.npz
pushforward simulate double-well --seed 2 --every 10 --out b.npz
pushforward w2 a.npz b.npz --floor 20
pushforward w2 a.npz b.npz --plan plan.npz
pushforward w2 a.npz b.npz --method sliced --projections 200`,
	}
	var o w2Options
	method := cli.Choice(&c.Flags, "method", "how the distance is computed", "exact", "auction", "column-generation", "small-side", "1d", "sliced", "sinkhorn")
	period := cli.Numbers(&c.Flags, "period", "periods of the coordinates, or one for all; 0 for a coordinate without")
	c.Flags.StringVar(&o.weightsA, "weights-a", "", "weights of A's samples, `FILE` of shape (n,); uniform without")
	c.Flags.StringVar(&o.weightsB, "weights-b", "", "weights of B's samples, `FILE`")
	projections := cli.Count(&c.Flags, "projections", 100, 1, "number of lines for --method sliced")
	epsilon := cli.NonNegative(&c.Flags, "epsilon", 0, "regularization for --method sinkhorn, in the unit of the squared distance")
	repetitions := cli.Count(&c.Flags, "floor", 0, 0, "number of repetitions for the noise floor; 0: none")
	c.Flags.StringVar(&o.plan, "plan", "", "write the plan to `FILE` (.npz): i, j, mass, and the potentials f, g")
	c.Run = func(ctx context.Context, env *cli.Env, args []string) error {
		o.method, o.periods, o.projections, o.epsilon, o.floor = *method, *period, *projections, *epsilon, *repetitions
		return o.run(ctx, env, args[0], args[1], c.Given)
	}
	return c
}

type w2Options struct {
	method             string
	periods            []float64
	weightsA, weightsB string
	projections        int
	epsilon            float64
	floor              int
	plan               string

	ctx  context.Context
	env  *cli.Env
	x, y ot.Points
	a, b []float64
}

func (o *w2Options) exact() bool {
	return o.method != "1d" && o.method != "sliced" && o.method != "sinkhorn"
}

// check finds options that do not go together.
func (o *w2Options) check(given func(string) bool) error {
	switch {
	case o.plan != "" && !o.exact():
		return cli.Usagef("--plan needs an exact method, not %s", o.method)
	case o.plan != "" && !strings.HasSuffix(o.plan, ".npz"):
		return cli.Usagef("--plan %s: want a name that ends in .npz", o.plan)
	case o.floor > 0 && (o.weightsA != "" || o.weightsB != ""):
		return cli.Usagef("--floor is for samples without weights")
	case given("projections") && o.method != "sliced":
		return cli.Usagef("--projections is for --method sliced")
	case given("epsilon") && o.method != "sinkhorn":
		return cli.Usagef("--epsilon is for --method sinkhorn")
	case o.method == "sinkhorn" && o.epsilon == 0:
		return cli.Usagef("--method sinkhorn needs --epsilon above 0")
	case o.method == "sliced" && len(o.periods) > 0:
		return cli.Usagef("--method sliced knows no --period: lines do not close on a torus")
	}
	return nil
}

func (o *w2Options) run(ctx context.Context, env *cli.Env, pathA, pathB string, given func(string) bool) error {
	if err := o.check(given); err != nil {
		return err
	}
	if o.plan != "" {
		if err := keepsInput(o.plan, pathA, pathB, o.weightsA, o.weightsB); err != nil {
			return err
		}
	}
	a, err := readSamples[float64](pathA)
	if err != nil {
		return err
	}
	b, err := readSamples[float64](pathB)
	if err != nil {
		return err
	}
	if a.d != b.d {
		return fmt.Errorf("%s has %d coordinates, %s has %d: want the same number", pathA, a.d, pathB, b.d)
	}
	if err := o.allPeriods(a.d); err != nil {
		return err
	}
	if o.a, err = readWeights(o.weightsA, a.n); err != nil {
		return err
	}
	if o.b, err = readWeights(o.weightsB, b.n); err != nil {
		return err
	}
	o.ctx, o.env = ctx, env
	o.x, o.y = ot.NewPoints(a.x, a.d), ot.NewPoints(b.x, b.d)
	switch o.method {
	case "1d":
		return o.marginals()
	case "sliced":
		return o.sliced()
	case "sinkhorn":
		return o.sinkhorn()
	}
	return o.solve()
}

// allPeriods gives every coordinate its period.
func (o *w2Options) allPeriods(d int) error {
	p := o.periods
	switch {
	case len(p) == 1:
		for len(p) < d {
			p = append(p, p[0])
		}
	case len(p) > 1 && len(p) != d:
		return cli.Usagef("%d periods, want 1 or %d", len(p), d)
	}
	for _, v := range p {
		if v < 0 {
			return cli.Usagef("a period of %g, want 0 or more", v)
		}
	}
	o.periods = p
	return nil
}

// readWeights reads one weight for each of n samples; no path stands for none.
func readWeights(path string, n int) ([]float64, error) {
	if path == "" {
		return nil, nil
	}
	w, err := readArray[float64](path)
	if err != nil {
		return nil, err
	}
	if len(w.Data) != n {
		return nil, fmt.Errorf("%s: shape: %v, want one weight for each of %d samples", path, w.Shape, n)
	}
	return w.Data, nil
}

func (o *w2Options) cost() ot.Cost {
	if len(o.periods) > 0 {
		return ot.SquaredEuclidean.OnTorus(o.periods...)
	}
	return ot.SquaredEuclidean
}

// w2Sizes is what every result tells about the problem.
type w2Sizes struct {
	Method  string    `json:"method"`
	N       int       `json:"n"`
	M       int       `json:"m"`
	D       int       `json:"d"`
	Periods []float64 `json:"periods,omitempty"`
	Seconds float64   `json:"seconds"`
}

func (o *w2Options) sizes(method string, begin time.Time) w2Sizes {
	return w2Sizes{method, o.x.Len(), o.y.Len(), o.x.Dim, o.periods, time.Since(begin).Seconds()}
}

func (s *w2Sizes) print(w io.Writer) {
	fmt.Fprintf(w, "method      %s (%d against %d samples, d = %d, %.3g s)\n", s.Method, s.N, s.M, s.D, s.Seconds)
}

// solve is every exact method in all coordinates together.
func (o *w2Options) solve() error {
	method := ot.Automatic
	if o.method != "exact" {
		var err error
		if method, err = ot.ParseMethod(o.method); err != nil {
			return err
		}
	}
	bar := o.env.Working("transporting")
	begin := time.Now()
	r, err := ot.Solve(o.x, o.y, o.a, o.b, o.cost(), ot.WithContext(o.ctx), ot.WithMethod(method),
		ot.WithThreads(o.env.Threads), ot.WithProgress(func(p ot.Progress) {
			note := fmt.Sprintf("%d points, %d steps", p.Points, p.Steps)
			if gap := p.Primal - p.Dual; !math.IsNaN(gap) {
				note += fmt.Sprintf(", gap %.2g", gap)
			}
			bar.Note("%s", note)
		}))
	if r == nil {
		return err
	}
	result := struct {
		W2          float64  `json:"w2"`
		W2Squared   float64  `json:"w2_squared"`
		Gap         float64  `json:"gap"`
		RelativeGap float64  `json:"relative_gap"`
		Status      string   `json:"status"`
		Pivots      int      `json:"pivots"`
		Rounds      int      `json:"rounds"`
		Moves       int      `json:"plan_entries"`
		Plan        string   `json:"plan,omitempty"`
		Floor       *w2Floor `json:"floor,omitempty"`
		w2Sizes
	}{
		r.W2(), r.W2Squared(), r.Gap, r.RelativeGap(), r.Status.String(), r.Pivots, r.Rounds, len(r.Plan), o.plan, nil,
		o.sizes(r.Method, begin),
	}
	bar.Close()
	if err == nil && o.plan != "" {
		err = o.writePlan(r)
	}
	if err == nil {
		result.Floor, err = o.noise(o.x, o.y, func(x, y ot.Points) (float64, error) {
			r, err := ot.Solve(x, y, nil, nil, o.cost(), ot.WithContext(o.ctx), ot.WithMethod(method), ot.WithThreads(1))
			if err != nil {
				return 0, err
			}
			return r.W2(), nil
		})
	}
	if err != nil && !errors.Is(err, o.ctx.Err()) {
		return err
	}
	// What an interrupt leaves is a plan with its gap.
	return errors.Join(o.env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "W2          %.9g\nW2 squared  %.9g\n", result.W2, result.W2Squared)
		fmt.Fprintf(w, "gap         %.2g: no plan costs less than W2 squared - %.2g\n", result.Gap, max(r.Gap, 0))
		result.Floor.print(w)
		result.print(w)
	}), err)
}

func (o *w2Options) writePlan(r *ot.Result) error {
	i, j := make([]int64, len(r.Plan)), make([]int64, len(r.Plan))
	mass := make([]float64, len(r.Plan))
	for k, m := range r.Plan {
		i[k], j[k], mass[k] = int64(m.I), int64(m.J), m.Mass
	}
	return npy.WriteArchive(o.plan, func(a *npy.ArchiveWriter) error {
		return errors.Join(
			npy.AddTo(a, "i", npy.Array[int64]{Shape: []int{len(i)}, Data: i}),
			npy.AddTo(a, "j", npy.Array[int64]{Shape: []int{len(j)}, Data: j}),
			npy.AddTo(a, "mass", npy.Array[float64]{Shape: []int{len(mass)}, Data: mass}),
			npy.AddTo(a, "f", npy.Array[float64]{Shape: []int{len(r.F)}, Data: r.F}),
			npy.AddTo(a, "g", npy.Array[float64]{Shape: []int{len(r.G)}, Data: r.G}),
		)
	})
}

// marginals compares the laws of each coordinate alone.
func (o *w2Options) marginals() error {
	type marginal struct {
		Coordinate int      `json:"coordinate"`
		W2         float64  `json:"w2"`
		W2Squared  float64  `json:"w2_squared"`
		Floor      *w2Floor `json:"floor,omitempty"`
	}
	begin := time.Now()
	var all []marginal
	for k := range o.x.Dim {
		if err := o.ctx.Err(); err != nil {
			return err
		}
		squared := func(x, y, a, b []float64) (float64, error) { return ot.LineCost(x, y, a, b, 2) }
		if len(o.periods) > 0 && o.periods[k] > 0 {
			squared = func(x, y, a, b []float64) (float64, error) { return ot.CircleCost(x, y, a, b, o.periods[k], 2) }
		}
		x, y := ot.NewPoints(coordinate(o.x, k), 1), ot.NewPoints(coordinate(o.y, k), 1)
		v, err := squared(x.X, y.X, o.a, o.b)
		if err != nil {
			return err
		}
		m := marginal{Coordinate: k + 1, W2: math.Sqrt(v), W2Squared: v}
		if m.Floor, err = o.noise(x, y, func(x, y ot.Points) (float64, error) {
			v, err := squared(x.X, y.X, nil, nil)
			return math.Sqrt(v), err
		}); err != nil {
			return err
		}
		all = append(all, m)
	}
	result := struct {
		Marginals []marginal `json:"marginals"`
		w2Sizes
	}{all, o.sizes(o.method, begin)}
	return o.env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "coordinate  %-15s W2 squared\n", "W2")
		for _, m := range all {
			fmt.Fprintf(w, "%-11d %-15.9g %.9g\n", m.Coordinate, m.W2, m.W2Squared)
		}
		for _, m := range all {
			if m.Floor != nil {
				fmt.Fprintf(w, "coordinate %d, ", m.Coordinate)
			}
			m.Floor.print(w)
		}
		result.print(w)
	})
}

func coordinate(p ot.Points, k int) []float64 {
	x := make([]float64, p.Len())
	for i := range x {
		x[i] = p.X[i*p.Dim+k]
	}
	return x
}

// sliced is the mean over projections.
func (o *w2Options) sliced() error {
	o.env.Working("projecting")
	begin := time.Now()
	directions := ot.Directions(o.projections, o.x.Dim, o.env.Seed)
	s, err := ot.SlicedCost(o.x, o.y, o.a, o.b, 2, directions)
	if err != nil {
		return err
	}
	result := struct {
		W2          float64  `json:"sliced_w2"`
		StdErr      float64  `json:"sliced_w2_standard_error"`
		W2Squared   float64  `json:"sliced_w2_squared"`
		MaxW2       float64  `json:"greatest_w2_of_a_projection"`
		Projections int      `json:"projections"`
		Seed        uint64   `json:"seed"`
		Floor       *w2Floor `json:"floor,omitempty"`
		w2Sizes
	}{s.W(), s.WStdErr(), s.Mean, s.MaxW(), o.projections, o.env.Seed, nil, o.sizes(o.method, begin)}
	result.Floor, err = o.noise(o.x, o.y, func(x, y ot.Points) (float64, error) {
		s, err := ot.SlicedCost(x, y, nil, nil, 2, directions)
		if err != nil {
			return 0, err
		}
		return s.W(), nil
	})
	if err != nil {
		return err
	}
	return o.env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "sliced W2          %.9g ± %.2g (standard error of %d projections)\n", result.W2, result.StdErr, o.projections)
		fmt.Fprintf(w, "sliced W2 squared  %.9g\n", result.W2Squared)
		fmt.Fprintf(w, "greatest W2        %.9g, of all projections: W2 is no smaller\n", result.MaxW2)
		result.Floor.print(w)
		result.print(w)
	})
}

// sinkhorn is the debiased divergence.
func (o *w2Options) sinkhorn() error {
	o.env.Working("transporting")
	begin := time.Now()
	d, err := ot.SinkhornDivergence(o.x, o.y, o.a, o.b, o.cost(), o.epsilon, ot.WithContext(o.ctx), ot.WithThreads(o.env.Threads))
	if err != nil {
		return err
	}
	result := struct {
		Root          float64  `json:"root_of_divergence"`
		Divergence    float64  `json:"sinkhorn_divergence"`
		Epsilon       float64  `json:"epsilon"`
		Transport     float64  `json:"transport_cost_of_plan"`
		Status        string   `json:"status"`
		MarginalError float64  `json:"marginal_error"`
		Iterations    int      `json:"iterations"`
		Floor         *w2Floor `json:"floor,omitempty"`
		w2Sizes
	}{
		math.Sqrt(max(d.Value, 0)), d.Value, o.epsilon, d.XY.Transport, d.Status().String(), d.MarginalError(),
		d.XY.Iterations, nil, o.sizes(o.method, begin),
	}
	result.Floor, err = o.noise(o.x, o.y, func(x, y ot.Points) (float64, error) {
		d, err := ot.SinkhornDivergence(x, y, nil, nil, o.cost(), o.epsilon, ot.WithContext(o.ctx), ot.WithThreads(1))
		if err != nil {
			return 0, err
		}
		return math.Sqrt(max(d.Value, 0)), nil
	})
	if err != nil {
		return err
	}
	return o.env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "Sinkhorn divergence  %.9g at epsilon = %g, its root %.9g\n", result.Divergence, o.epsilon, result.Root)
		fmt.Fprintf(w, "%s after %d iterations, marginal error %.2g\n", result.Status, result.Iterations, result.MarginalError)
		result.Floor.print(w)
		result.print(w)
	})
}
