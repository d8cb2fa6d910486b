package main

import (
	"context"
	"fmt"

	"pushforward/internal/npy"
	"pushforward/kernels"
	"pushforward/md"
	"pushforward/md/molecules"
)

func newTask[T kernels.Float](r *request) (task, error) {
	switch r.Do {
	case "dynamics":
		return newDynamics[T](r)
	case "energies":
		return newEnergies[T](r)
	case "cluster":
		return newCluster[T](r)
	}
	return nil, fmt.Errorf("unknown request %q", r.Do)
}

// dynamics is that of alanine dipeptide at 300 K and 1/ps, with bonds to hydrogen
// constrained.
type dynamics[T kernels.Float] struct {
	simulation *md.Simulation[T]
	units      float64 // ns of a call
}

// dynamicsSteps is how many steps a call makes: milliseconds.
const dynamicsSteps = 40

func newDynamics[T kernels.Float](r *request) (task, error) {
	s, minimum := molecules.AlanineDipeptide()
	s.ConstrainHydrogens()
	var x []T
	for range r.Replicas {
		for _, v := range minimum {
			x = append(x, T(v))
		}
	}
	f, err := md.NewForceField[T](s)
	if err != nil {
		return nil, err
	}
	simulation, err := md.NewSimulation(f, x, md.Options{
		Dt: r.Dt, Beta: md.InverseTemperature(300), Scheme: md.LangevinMiddle, Friction: 1,
		Masses: s.Masses(), Constraints: s.Constraints, Recentre: 500, Threads: 1,
	})
	return &dynamics[T]{simulation, 1e-3 * r.Dt * dynamicsSteps * float64(r.Replicas)}, err
}

func (d *dynamics[T]) once() (float64, error) {
	return d.units, d.simulation.Run(context.Background(), dynamicsSteps, nil)
}

func (d *dynamics[T]) results() (energies, forces npy.Array[float64]) { return }

// energies are those of alanine dipeptide without constraints, with forces.
type energies[T kernels.Float] struct {
	field   *md.ForceField[T]
	n, ld   int
	x, u, g []T // x and g are panels with the row stride ld
}

// stridePad makes the row stride of a panel other than a power of two, lest rows
// fight for the same cache sets.
const stridePad = 16

func newEnergies[T kernels.Float](r *request) (task, error) {
	s, _ := molecules.AlanineDipeptide()
	field, err := md.NewForceField[T](s)
	if err != nil {
		return nil, err
	}
	a, err := npy.ReadFile[float64](r.X)
	if err != nil {
		return nil, err
	}
	n, d := a.Shape[0], field.Dim()
	ld := n + stridePad
	e := &energies[T]{field, n, ld, make([]T, d*ld), make([]T, n), make([]T, d*ld)}
	for i, v := range a.Data {
		e.x[i%d*ld+i/d] = T(v)
	}
	return e, nil
}

func (e *energies[T]) once() (float64, error) {
	md.Evaluate(e.field, 1, e.u, e.g, e.ld, e.x, e.ld, e.n)
	return float64(e.n), nil
}

func (e *energies[T]) results() (energies, forces npy.Array[float64]) {
	d := e.field.Dim()
	forces = zeros(e.n, d/3, 3)
	for i := range forces.Data {
		forces.Data[i] = -float64(e.g[i%d*e.ld+i/d])
	}
	energies = zeros(e.n)
	for i, u := range e.u {
		energies.Data[i] = float64(u)
	}
	return energies, forces
}

// cluster is one large system of all pairs.
type cluster[T kernels.Float] struct {
	potential *md.Cluster[T]
	x, f      []T
	u         float64
}

func newCluster[T kernels.Float](r *request) (task, error) {
	p, err := npy.ReadFile[float64](r.Parameters)
	if err != nil {
		return nil, err
	}
	a, err := npy.ReadFile[float64](r.X)
	if err != nil {
		return nil, err
	}
	n := a.Shape[0]
	c := &cluster[T]{x: make([]T, 3*n), f: make([]T, 3*n)}
	for i, v := range a.Data {
		c.x[i] = T(v)
	}
	charges, sigmas, epsilons := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		charges[i], sigmas[i], epsilons[i] = p.Data[3*i], p.Data[3*i+1], p.Data[3*i+2]
	}
	c.potential, err = md.NewCluster[T](charges, sigmas, epsilons, md.ClusterOptions{Threads: 1})
	return c, err
}

func (c *cluster[T]) once() (float64, error) {
	lennardJones, coulomb := c.potential.Forces(c.f, c.x)
	c.u = lennardJones + coulomb
	n := float64(len(c.x) / 3)
	return n * (n - 1) / 2, nil
}

func (c *cluster[T]) results() (energies, forces npy.Array[float64]) {
	forces = zeros(len(c.f)/3, 3)
	for i, f := range c.f {
		forces.Data[i] = float64(f)
	}
	return npy.Array[float64]{Shape: []int{1}, Data: []float64{c.u}}, forces
}

func zeros(shape ...int) npy.Array[float64] {
	size := 1
	for _, n := range shape {
		size *= n
	}
	return npy.Array[float64]{Shape: shape, Data: make([]float64, size)}
}
