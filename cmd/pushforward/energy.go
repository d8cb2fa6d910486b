package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"pushforward/internal/cli"
	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
)

func energyCommand() *cli.Command {
	c := &cli.Command{
		Name: "energy", Args: "SYSTEM", MinArgs: 1, MaxArgs: 1,
		Summary: "potential energies, by term, and forces of configurations",
		Description: `Without --in, prints the energy of one configuration of a molecule, term by term.
With --in, evaluates many configurations, of shape (n, atoms, 3) or (n, 3 atoms)
in nm, and writes energy (n,), energy_TERM (n,) of each term and forces
(n, atoms, 3), in kJ/mol and nm. For double-well, (n, 2) in reduced units.

` + moleculeHelp,
		Example: `pushforward energy alanine-dipeptide
pushforward simulate alanine-dipeptide --replicas 8 --length 1 --interval 0.5 --out traj.npz
pushforward energy alanine-dipeptide --in traj.npz --out e.npz`,
		NoRandomness: true,
	}
	molecule := addMoleculeOptions(&c.Flags)
	in := c.Flags.String("in", "", "configurations, `FILE` (.npy or .npz)")
	out := c.Flags.String("out", "", "write energies and forces to `FILE` (.npz)")
	epsilon := cli.NonNegative(&c.Flags, "regularize", 0, "flatten energies above 1/`EPSILON` as in Theorem 1 of the paper; 0: don't")
	precision := cli.Choice(&c.Flags, "precision", "type of the computation", "float64", "float32")
	c.Run = func(ctx context.Context, env *cli.Env, args []string) error {
		if err := refuseOthers(&c.Flags, args[0] == "double-well"); err != nil {
			return err
		}
		if (*in == "") != (*out == "") {
			return cli.Usagef("--in and --out go together")
		}
		if *out != "" && !strings.HasSuffix(*out, ".npz") {
			return cli.Usagef("--out %s: want a .npz file", *out)
		}
		if *out != "" {
			if err := keepsInput(*out, *in); err != nil {
				return err
			}
		}
		o := energyOptions{args[0], *in, *out, *epsilon}
		if *precision == "float32" {
			return energy[float32](ctx, env, o, molecule)
		}
		return energy[float64](ctx, env, o, molecule)
	}
	return c
}

type energyOptions struct {
	system, in, out string
	epsilon         float64
}

// termPotential is a part of the energy.
type termPotential[T kernels.Float] struct {
	name      string // in words; of arrays, with underscores
	potential md.Potential[T]
}

// termsOf returns the whole energy and its parts.
func termsOf[T kernels.Float](s *md.System) (whole md.Potential[T], parts []termPotential[T], err error) {
	if whole, err = md.NewForceField[T](s); err != nil {
		return nil, nil, err
	}
	for _, t := range md.Terms() {
		p, err := md.NewForceField[T](s.Only(t))
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, termPotential[T]{t.String(), p})
	}
	return whole, parts, nil
}

func energy[T kernels.Float](ctx context.Context, env *cli.Env, o energyOptions, molecule moleculeOptions) error {
	var whole md.Potential[T]
	var parts []termPotential[T]
	var configuration []T // the one to evaluate without --in
	if o.system == "double-well" {
		whole = md.DoubleWell[T]{}
		if o.in == "" {
			return cli.Usagef("energy double-well: --in is missing: there is no configuration")
		}
	} else {
		s, positions, err := molecule.load(o.system)
		if err != nil {
			return err
		}
		if o.in == "" && positions == nil {
			return cli.Usagef("energy %s: want --coordinates or --in: there is no configuration", o.system)
		}
		for _, v := range positions {
			configuration = append(configuration, T(v))
		}
		if whole, parts, err = termsOf[T](s); err != nil {
			return err
		}
	}
	if o.epsilon > 0 {
		r, err := md.Regularize(whole, o.epsilon)
		if err != nil {
			return err
		}
		whole = r
	}
	if o.in == "" {
		return printEnergy(env, o.system, whole, parts, configuration)
	}
	return writeEnergies(ctx, env, o, whole, parts)
}

// termEnergy is a row of the table.
type termEnergy struct {
	Term     string   `json:"term"`
	Energy   *float64 `json:"energy"`        // null if not finite
	MaxForce *float64 `json:"largest_force"` // of an atom
}

func printEnergy[T kernels.Float](env *cli.Env, system string, whole md.Potential[T], parts []termPotential[T], x []T) error {
	g := make([]T, len(x))
	evaluate := func(name string, p md.Potential[T]) termEnergy {
		var u [1]T
		p.Energies(u[:], x, 1, 1)
		p.Gradients(g, 1, x, 1, 1)
		largest := 0.0
		for i := 0; i < len(g); i += 3 {
			a, b, c := float64(g[i]), float64(g[i+1]), float64(g[i+2])
			largest = max(largest, math.Sqrt(a*a+b*b+c*c))
		}
		return termEnergy{name, finiteOrNil(float64(u[0])), finiteOrNil(largest)}
	}
	var rows []termEnergy
	for _, p := range parts {
		rows = append(rows, evaluate(p.name, p.potential))
	}
	rows = append(rows, evaluate("total", whole))
	result := struct {
		System string       `json:"system"`
		Terms  []termEnergy `json:"terms"`
	}{system, rows}
	show := func(v *float64) string {
		if v == nil {
			return "not finite"
		}
		return fmt.Sprintf("%.6f", *v)
	}
	return env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "%-20s %18s %26s\n", system, "energy, kJ/mol", "largest force, kJ/(mol nm)")
		for _, r := range rows {
			fmt.Fprintf(w, "%-20s %18s %26s\n", r.Term, show(r.Energy), show(r.MaxForce))
		}
	})
}

func finiteOrNil(v float64) *float64 {
	if v-v != 0 {
		return nil
	}
	return &v
}

// energyBlock is how many configurations are evaluated between two looks at the
// context.
const energyBlock = 4096

func writeEnergies[T kernels.Float](ctx context.Context, env *cli.Env, o energyOptions, whole md.Potential[T], parts []termPotential[T]) error {
	d := whole.Dim()
	x, n, err := readConfigurations[T](o.in, d)
	if err != nil {
		return err
	}
	bar := env.Progress("energies", "configurations", n)
	total, forces := make([]T, n), make([]T, n*d)
	byTerm := make([][]T, len(parts))
	for k := range parts {
		byTerm[k] = make([]T, n)
	}
	ld := min(n, energyBlock)
	panel, g := make([]T, d*ld), make([]T, d*ld)
	for done := 0; done < n; {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := min(n-done, ld)
		kernels.Transpose(panel, ld, x[done*d:], d, m, d)
		md.Evaluate(whole, env.Threads, total[done:done+m], g, ld, panel, ld, m)
		for i := range g {
			g[i] = -g[i]
		}
		kernels.Transpose(forces[done*d:], d, g, ld, d, m)
		for k, p := range parts {
			p.potential.Energies(byTerm[k][done:done+m], panel, ld, m)
		}
		done += m
		bar.Set(done)
	}
	shape := []int{n, d}
	if parts != nil {
		shape = []int{n, d / 3, 3}
	}
	if err := npy.WriteArchive(o.out, func(a *npy.ArchiveWriter) error {
		errs := []error{npy.AddTo(a, "energy", npy.Array[T]{Shape: []int{n}, Data: total})}
		for k, p := range parts {
			errs = append(errs, npy.AddTo(a, "energy_"+arrayName(p.name), npy.Array[T]{Shape: []int{n}, Data: byTerm[k]}))
		}
		return errors.Join(append(errs, npy.AddTo(a, "forces", npy.Array[T]{Shape: shape, Data: forces}))...)
	}); err != nil {
		return err
	}
	least, greatest, sum := math.Inf(1), math.Inf(-1), 0.0
	for _, u := range total {
		least, greatest, sum = min(least, float64(u)), max(greatest, float64(u)), sum+float64(u)
	}
	result := struct {
		System   string   `json:"system"`
		In       string   `json:"in"`
		Out      string   `json:"out"`
		N        int      `json:"n"`
		Least    *float64 `json:"least_energy"`
		Mean     *float64 `json:"mean_energy"`
		Greatest *float64 `json:"greatest_energy"`
	}{o.system, o.in, o.out, n, finiteOrNil(least), finiteOrNil(sum / float64(n)), finiteOrNil(greatest)}
	return env.Result(result, func(w io.Writer) {
		fmt.Fprintf(w, "%s: energies and forces of %d configurations, least energy %.6g, mean %.6g, greatest %.6g\n", o.out, n, least, sum/float64(n), greatest)
	})
}

// arrayName is a term's name in an archive: lennard_jones_1_4.
func arrayName(term string) string {
	return strings.ToLower(strings.NewReplacer(" ", "_", "-", "_").Replace(term))
}

// readConfigurations reads n configurations of d coordinates, row-major.
func readConfigurations[T kernels.Float](path string, d int) (x []T, n int, err error) {
	a, err := readArray[T](path)
	if err != nil {
		return nil, 0, err
	}
	last := 1 // coordinates in the last axes
	for k := len(a.Shape) - 1; k >= 0 && last < d; k-- {
		last *= a.Shape[k]
	}
	if last != d || len(a.Data) == 0 {
		want := fmt.Sprintf("(n, %d)", d)
		if d%3 == 0 {
			want += fmt.Sprintf(" or (n, %d, 3)", d/3)
		}
		return nil, 0, fmt.Errorf("%s: shape: %v, want %s", path, a.Shape, want)
	}
	for i, v := range a.Data {
		if v-v != 0 {
			return nil, 0, fmt.Errorf("%s: configuration %d, coordinate %d (counted from 0) is %g, want finite numbers", path, i/d, i%d, v)
		}
	}
	return a.Data, len(a.Data) / d, nil
}
