package md

import (
	"fmt"
	"math"
	"slices"

	"pushforward/kernels"
)

// SetTorsion turns a part of the molecule about the bond of the two middle atoms, so
// that the torsion of the four becomes the angle, in radians: the atoms that hang on
// the third move. x are positions, row-major [atoms][3] in nm. It is an error if
// those two are not bonded, or belong to a ring.
func (s *System) SetTorsion(x []float64, atoms [4]int, angle float64) error {
	if len(x) != 3*len(s.Atoms) {
		panic(fmt.Sprintf("md: SetTorsion: len(x) = %d, want 3 for each of %d atoms", len(x), len(s.Atoms)))
	}
	if err := s.term("torsion", 0, atoms[:]...).check(quantity{"angle", angle, "rad", finite}); err != nil {
		return fmt.Errorf("md: system %q: %w", s.Name, err)
	}
	moving, err := s.behind(atoms[1], atoms[2])
	if err != nil {
		return err
	}
	var now [1]float64
	kernels.TorsionAngles(now[:], 1, x, 1, 1, atoms[:])
	turn, sin, cos := [1]float64{angle - now[0]}, [1]float64{}, [1]float64{}
	kernels.SinCos(sin[:], cos[:], turn[:])
	origin := x[3*atoms[2]:][:3]
	var axis [3]float64
	long := 0.0
	for c := range axis {
		axis[c] = origin[c] - x[3*atoms[1]+c]
		long += float64(axis[c] * axis[c])
	}
	for c := range axis {
		axis[c] /= math.Sqrt(long)
	}
	for _, a := range moving {
		if a == atoms[2] {
			continue
		}
		// Rodrigues's rotation of d about the axis.
		var d, e [3]float64
		along := 0.0
		for c := range d {
			d[c] = x[3*a+c] - origin[c]
			along += float64(d[c] * axis[c])
		}
		for c := range e {
			p, q := (c+1)%3, (c+2)%3
			cross := float64(axis[p]*d[q]) - float64(axis[q]*d[p])
			e[c] = float64(cos[0]*d[c]) + float64(sin[0]*cross) + float64(float64((1-cos[0])*along)*axis[c])
		}
		for c := range e {
			x[3*a+c] = origin[c] + e[c]
		}
	}
	return nil
}

// behind lists the atoms that bonds lead to from atom k without passing j, k too.
func (s *System) behind(j, k int) ([]int, error) {
	neighbours := make([][]int, len(s.Atoms))
	join := func(a, b int) {
		neighbours[a], neighbours[b] = append(neighbours[a], b), append(neighbours[b], a)
	}
	for _, b := range s.Bonds {
		join(b.I, b.J)
	}
	for _, c := range s.Constraints {
		join(c.I, c.J)
	}
	if !slices.Contains(neighbours[k], j) {
		return nil, fmt.Errorf("md: system %q: atoms %d and %d are not bonded", s.Name, j, k)
	}
	reached := make([]bool, len(s.Atoms))
	reached[k] = true
	list := []int{k}
	for at := 0; at < len(list); at++ {
		for _, b := range neighbours[list[at]] {
			switch {
			case b == j && list[at] == k:
			case b == j:
				return nil, fmt.Errorf("md: system %q: the bond of atoms %d and %d is part of a ring", s.Name, j, k)
			case !reached[b]:
				reached[b] = true
				list = append(list, b)
			}
		}
	}
	return list, nil
}
