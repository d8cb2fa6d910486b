package md

import (
	"fmt"
	"math"
	"sync"
	"unsafe"

	"pushforward/kernels"
)

// ForceField is a system's potential energy for many configurations at once, one
// in each lane: a [Potential] of 3 coordinates an atom, in nm, with energies in
// kJ/mol and gradients in kJ/(mol nm). Forces are the gradients with the other
// sign. Constraints add nothing to the energy.
//
// All pairs are listed: memory and time grow as the square of the number of atoms,
// and a molecule should have some hundred at most.
//
// Energies and gradients are the same bits on every CPU. They are finite, or +Inf
// where atoms collide in float32, unless a coordinate is not a number. A
// ForceField is safe for concurrent use.
type ForceField[T kernels.Float] struct {
	atoms    int
	bonds    *kernels.BondTable[T] // terms that the system lacks are nil
	angles   *kernels.AngleTable[T]
	torsions *kernels.TorsionTable[T]
	pairs    *kernels.PairTable[T]
	born     *kernels.BornTable[T]
	scratch  sync.Pool // of *fieldScratch[T]
}

const (
	// fieldLanes is how many configurations are evaluated together: their
	// coordinates, gradients and intermediate results stay in the caches.
	fieldLanes = 64
	// fieldStride is the row stride of their copies.
	fieldStride = fieldLanes + blockPad
)

// fieldScratch is the memory of one evaluation.
type fieldScratch[T kernels.Float] struct{ energy, gradient, position, born []T }

// NewForceField returns the potential energy of a system, which must be valid.
func NewForceField[T kernels.Float](s *System) (*ForceField[T], error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if len(s.Atoms) == 0 {
		return nil, fmt.Errorf("md: system %q has no atoms", s.Name)
	}
	f := &ForceField[T]{
		atoms: len(s.Atoms), bonds: bondTable[T](s), angles: angleTable[T](s),
		torsions: torsionTable[T](s), pairs: pairTable[T](s), born: bornTable[T](s),
	}
	f.scratch.New = func() any {
		w := &fieldScratch[T]{energy: make([]T, fieldLanes), gradient: make([]T, 3*f.atoms*fieldStride), position: make([]T, 3*f.atoms*fieldStride)}
		if f.born != nil {
			w.born = make([]T, f.born.Scratch())
		}
		return w
	}
	return f, nil
}

// Dim returns three times the number of atoms.
func (f *ForceField[T]) Dim() int { return 3 * f.atoms }

// Energies writes the energy of each configuration to u; see [Potential].
func (f *ForceField[T]) Energies(u []T, x []T, ld, n int) {
	checkPanel("ForceField.Energies: u", len(u), n, 1, n)
	f.eachChunk("Energies", x, ld, n, func(w *fieldScratch[T], lo, m int) {
		f.chunk(w, u[lo:lo+m], nil, 0, x[lo:], ld)
	})
}

// Gradients writes the gradient of each configuration's energy to g; see
// [Potential].
func (f *ForceField[T]) Gradients(g []T, ldg int, x []T, ld, n int) {
	checkPanel("ForceField.Gradients: g", len(g), ldg, f.Dim(), n)
	f.eachChunk("Gradients", x, ld, n, func(w *fieldScratch[T], lo, m int) {
		f.chunk(w, w.energy[:m], g[lo:], ldg, x[lo:], ld)
	})
}

// EnergiesAndGradients writes both at the cost of the gradients.
func (f *ForceField[T]) EnergiesAndGradients(u, g []T, ldg int, x []T, ldx, n int) {
	checkPanel("ForceField.EnergiesAndGradients: u", len(u), n, 1, n)
	checkPanel("ForceField.EnergiesAndGradients: g", len(g), ldg, f.Dim(), n)
	f.eachChunk("EnergiesAndGradients", x, ldx, n, func(w *fieldScratch[T], lo, m int) {
		f.chunk(w, u[lo:lo+m], g[lo:], ldg, x[lo:], ldx)
	})
}

// eachChunk calls do for some configurations at a time.
func (f *ForceField[T]) eachChunk(what string, x []T, ld, n int, do func(w *fieldScratch[T], lo, m int)) {
	checkPanel("ForceField."+what+": x", len(x), ld, f.Dim(), n)
	w := f.scratch.Get().(*fieldScratch[T])
	defer f.scratch.Put(w)
	for lo := 0; lo < n; lo += fieldLanes {
		do(w, lo, min(fieldLanes, n-lo))
	}
}

// chunk computes the energies u of as many configurations, and their gradients
// unless g is nil. It works on copies where a vector would not be full, which costs
// more than to fill it, and where rows would fight for the same cache sets.
func (f *ForceField[T]) chunk(w *fieldScratch[T], u, g []T, ldg int, x []T, ldx int) {
	n, wide := len(u), whole[T](len(u))
	const line = 64 // bytes
	crowded := func(ld int) bool { return ld*int(unsafe.Sizeof(x[0]))%(4*line) == 0 }
	if g != nil && wide == n && !crowded(ldx) && !crowded(ldg) {
		f.evaluate(w, u, g, ldg, x, ldx)
		return
	}
	for k := range f.Dim() {
		row := w.position[k*fieldStride:][:wide]
		copy(row, x[k*ldx:][:n])
		for i := n; i < wide; i++ {
			row[i] = row[n-1]
		}
	}
	f.evaluate(w, w.energy[:wide], w.gradient, fieldStride, w.position, fieldStride)
	copy(u, w.energy[:n])
	if g != nil {
		for k := range f.Dim() {
			copy(g[k*ldg:][:n], w.gradient[k*fieldStride:])
		}
	}
}

// evaluate computes the energies u and the gradients of as many configurations.
func (f *ForceField[T]) evaluate(w *fieldScratch[T], u, g []T, ldg int, x []T, ldx int) {
	n := len(u)
	clear(u)
	for k := range f.Dim() {
		clear(g[k*ldg:][:n])
	}
	// Small forces come first: a sum rounds most where the stiff bonds are in it.
	if f.born != nil {
		kernels.Born(u, g, ldg, x, ldx, n, f.born, w.born)
	}
	if f.pairs != nil {
		kernels.Pairs(u, g, ldg, x, ldx, n, f.pairs)
	}
	if f.torsions != nil {
		kernels.Torsions(u, g, ldg, x, ldx, n, f.torsions)
	}
	if f.angles != nil {
		kernels.Angles(u, g, ldg, x, ldx, n, f.angles)
	}
	if f.bonds != nil {
		kernels.Bonds(u, g, ldg, x, ldx, n, f.bonds)
	}
}

// BornRadii returns the Born radii, in nm, of a system in an implicit solvent: that of
// atom a in configuration i at [a*n+i]. Configurations are as in [Potential].
func BornRadii[T kernels.Float](s *System, x []T, ld, n int) ([]T, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if s.Solvent == nil {
		return nil, fmt.Errorf("md: system %q has no solvent, and so no Born radii", s.Name)
	}
	checkPanel("BornRadii: x", len(x), ld, 3*len(s.Atoms), n)
	t := bornTable[T](s)
	b := make([]T, len(s.Atoms)*n)
	kernels.BornRadii(b, n, x, ld, n, t, make([]T, t.Scratch()))
	return b, nil
}

func bondTable[T kernels.Float](s *System) *kernels.BondTable[T] {
	if len(s.Bonds) == 0 {
		return nil
	}
	var bonds []kernels.Bond
	for _, b := range s.Bonds {
		bonds = append(bonds, kernels.Bond(b))
	}
	t := &kernels.BondTable[T]{}
	t.Set(bonds)
	return t
}

func angleTable[T kernels.Float](s *System) *kernels.AngleTable[T] {
	if len(s.Angles) == 0 {
		return nil
	}
	var angles []kernels.Angle
	for _, a := range s.Angles {
		a.Theta = min(a.Theta, math.Pi) // files round
		angles = append(angles, kernels.Angle(a))
	}
	t := &kernels.AngleTable[T]{}
	t.Set(angles)
	return t
}

// torsionTable makes one Fourier series of all torsions of the same four atoms:
// A(1 + cos(nφ − δ)) = A + A cos δ cos nφ + A sin δ sin nφ.
func torsionTable[T kernels.Float](s *System) *kernels.TorsionTable[T] {
	type series struct {
		atoms    [4]int
		constant float64
		cos, sin []float64
	}
	var list []*series
	of := map[[4]int]*series{}
	for _, terms := range [2][]Torsion{s.Torsions, s.Impropers} {
		for _, o := range terms {
			atoms := [4]int{o.I, o.J, o.K, o.L}
			c := of[atoms]
			if c == nil {
				c = &series{atoms: atoms}
				of[atoms], list = c, append(list, c)
			}
			for len(c.cos) < o.Periodicity {
				c.cos, c.sin = append(c.cos, 0), append(c.sin, 0)
			}
			phase, sin, cos := [1]float64{o.Phase}, [1]float64{}, [1]float64{}
			kernels.SinCos(sin[:], cos[:], phase[:])
			c.constant += o.Amplitude
			c.cos[o.Periodicity-1] += float64(o.Amplitude * cos[0])
			c.sin[o.Periodicity-1] += float64(o.Amplitude * sin[0])
		}
	}
	if len(list) == 0 {
		return nil
	}
	t := &kernels.TorsionTable[T]{}
	for _, c := range list {
		t.Atoms = append(t.Atoms, c.atoms[:]...)
		t.Terms = append(t.Terms, len(c.cos))
		t.Series = append(t.Series, T(c.constant))
		for k := range c.cos {
			t.Series = append(t.Series, T(c.cos[k]), T(c.sin[k]))
		}
	}
	return t
}

// pairsOf lists all pairs that have an energy, by their lesser atom.
func pairsOf(s *System) (list []kernels.Pair) {
	special := map[[2]int]*Exception{}
	for _, e := range s.Exclusions {
		special[ordered(e[0], e[1])] = nil
	}
	for i := range s.Exceptions {
		e := &s.Exceptions[i]
		special[ordered(e.I, e.J)] = e
	}
	for i := range s.Atoms {
		for j := i + 1; j < len(s.Atoms); j++ {
			sigma, epsilon, product := s.pairParameters(i, j)
			if e, is := special[[2]int{i, j}]; is {
				if e == nil {
					continue
				}
				sigma, epsilon, product = e.Sigma, e.Epsilon, e.ChargeProduct
			}
			if epsilon == 0 && product == 0 {
				continue
			}
			square := float64(sigma * sigma)
			six := float64(float64(square*square) * square)
			c6 := float64(4 * float64(epsilon*six))
			list = append(list, kernels.Pair{I: i, J: j, C12: float64(c6 * six), C6: c6, QQ: float64(CoulombConstant * product)})
		}
	}
	return list
}

func ordered(i, j int) [2]int { return [2]int{min(i, j), max(i, j)} }

func pairTable[T kernels.Float](s *System) *kernels.PairTable[T] {
	pairs := pairsOf(s)
	if len(pairs) == 0 {
		return nil
	}
	t := &kernels.PairTable[T]{}
	t.Set(len(s.Atoms), pairs)
	return t
}

func bornTable[T kernels.Float](s *System) *kernels.BornTable[T] {
	g := s.Solvent
	if g == nil {
		return nil
	}
	p := &kernels.BornParameters{
		Offset: g.Offset, Alpha: g.Alpha, Beta: g.Beta, Gamma: g.Gamma,
		Strength:       float64(CoulombConstant * (1/g.SoluteDielectric - 1/g.SolventDielectric)),
		SurfaceTension: g.SurfaceTension, ProbeRadius: g.ProbeRadius,
	}
	for _, a := range s.Atoms {
		p.Radius = append(p.Radius, a.BornRadius)
		p.Scale = append(p.Scale, a.BornScale)
		p.Charge = append(p.Charge, a.Charge)
	}
	t := &kernels.BornTable[T]{}
	t.Set(p)
	return t
}
