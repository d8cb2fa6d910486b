package main

import (
	"os"
	"strings"

	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molfile"
)

// trajectories are the files that a simulation of a molecule writes while it runs.
type trajectories[T kernels.Float] struct {
	d        *dynamics
	replicas int
	frames   int
	npz      *molfile.NPZWriter[T]
	dcd      *molfile.DCDWriter[T]
	colvar   *molfile.ColvarWriter
}

// createTrajectories makes the files; the first frame comes after so many steps.
func createTrajectories[T kernels.Float](d *dynamics, replicas, firstStep int) (t *trajectories[T], err error) {
	t = &trajectories[T]{d: d, replicas: replicas}
	atoms := len(d.system.Atoms)
	switch {
	case strings.HasSuffix(d.out, ".npz"):
		t.npz, err = molfile.CreateNPZ[T](d.out, replicas, atoms)
	case d.out != "":
		t.dcd, err = molfile.CreateDCD[T](d.out, replicas, molfile.DCDHeader{
			Atoms: atoms, FirstStep: firstStep, Interval: d.every, TimeStep: d.md.Dt, Title: d.name,
		})
	}
	if err != nil || d.colvar == "" {
		return t, err
	}
	var fields []molfile.Field
	for _, o := range d.torsions() {
		fields = append(fields, molfile.AngleField(o.name))
	}
	if t.colvar, err = molfile.CreateColvar(d.colvar, replicas, fields); err != nil {
		t.discard()
	}
	return t, err
}

// add writes a frame; values are the observables of all frames so far.
func (t *trajectories[T]) add(f md.Frame[T], values [][]T) error {
	time := float64(f.Step) * t.d.md.Dt
	if t.npz != nil {
		if err := t.npz.Append(int64(f.Step), time, f.Positions); err != nil {
			return err
		}
	}
	if t.dcd != nil {
		if err := t.dcd.Append(f.Positions); err != nil {
			return err
		}
	}
	t.frames++
	if t.colvar == nil {
		return nil
	}
	var row []float64 // [replicas][torsions]
	for r := range t.replicas {
		for k, o := range t.d.observables {
			if o.torsion() {
				row = append(row, float64(values[k][f.Number*t.replicas+r]))
			}
		}
	}
	return t.colvar.Append(time, row)
}

// close completes the files.
func (t *trajectories[T]) close(values [][]T) error {
	if t.npz != nil {
		for k, o := range t.d.observables {
			wide := make([]float64, len(values[k]))
			for i, v := range values[k] {
				wide[i] = float64(v)
			}
			t.npz.Add(strings.ReplaceAll(o.name, "-", "_"), wide[:t.frames*t.replicas], t.frames, t.replicas)
		}
		if err := t.npz.Close(); err != nil {
			return err
		}
	}
	if t.dcd != nil {
		if err := t.dcd.Close(); err != nil {
			return err
		}
	}
	if t.colvar != nil {
		return t.colvar.Close()
	}
	return nil
}

// discard gives the files up.
func (t *trajectories[T]) discard() {
	if t.npz != nil {
		t.npz.Discard()
	}
	remove := func(path string) {
		for r := range t.replicas {
			os.Remove(molfile.ReplicaPath(path, r, t.replicas))
		}
	}
	if t.dcd != nil {
		t.dcd.Close()
		remove(t.d.out)
	}
	if t.colvar != nil {
		t.colvar.Close()
		remove(t.d.colvar)
	}
}
