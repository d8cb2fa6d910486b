package molfile

import (
	"math"
	"slices"

	"pushforward/md"
)

// records walks over a section of records of a given width whose last value is
// the number of a type, from 1; the others are three times the indices of atoms,
// and each may have a sign that tells something else.
func (p *prmtop) records(flag, what string, count, width, types int, use func(s *section, first int, atoms, signs []int, kind int)) {
	values := p.integers(flag, count*width)
	if p.err != nil {
		return
	}
	s := p.sections[flag]
	atoms, signs := make([]int, width-1), make([]int, width-1)
	for first := 0; first < len(values); first += width {
		for k, v := range values[first : first+width-1] {
			signs[k] = 1
			if v < 0 {
				signs[k], v = -1, -v
			}
			if v%3 != 0 || v/3 >= len(p.system.Atoms) || signs[k] < 0 && k < 2 {
				p.fail("%s: %s %d: found %d, want three times the index of an atom, 0 to %d", s.where(first+k), what, first/width+1,
					values[first+k], 3*(len(p.system.Atoms)-1))
				return
			}
			atoms[k] = v / 3
			for _, other := range atoms[:k] {
				if other == atoms[k] {
					p.fail("%s: %s %d: atom %d appears twice, want distinct ones", s.where(first+k), what, first/width+1, other+1)
					return
				}
			}
		}
		kind := values[first+width-1]
		if kind < 1 || kind > types {
			p.fail("%s: %s %d: its type is %d, want 1 to %d", s.where(first+width-1), what, first/width+1, kind, types)
			return
		}
		if use(s, first, atoms, signs, kind-1); p.err != nil {
			return
		}
	}
}

// stiffness checks numbers that multiply squares.
func (p *prmtop) stiffness(flag string, n int) []float64 {
	values := p.numbers(flag, n)
	for k, v := range values {
		if v < 0 {
			p.fail("%s: value %d is %v, want 0 or more", p.sections[flag].where(k), k+1, v)
		}
	}
	return values
}

func (p *prmtop) readBonds() {
	types := p.pointers[numbnd]
	stiffness, length := p.stiffness("BOND_FORCE_CONSTANT", types), p.stiffness("BOND_EQUIL_VALUE", types)
	use := func(_ *section, _ int, a, signs []int, kind int) {
		p.system.Bonds = append(p.system.Bonds, md.Bond{I: a[0], J: a[1],
			Length:    length[kind] * nanometers,
			Stiffness: stiffness[kind] * (2 * kilojoules / (nanometers * nanometers)), // AMBER has no ½
		})
	}
	p.records("BONDS_INC_HYDROGEN", "bond", p.pointers[nbonh], 3, types, use)
	p.records("BONDS_WITHOUT_HYDROGEN", "bond", p.pointers[nbona], 3, types, use)
}

func (p *prmtop) readAngles() {
	types := p.pointers[numang]
	stiffness, theta := p.stiffness("ANGLE_FORCE_CONSTANT", types), p.stiffness("ANGLE_EQUIL_VALUE", types)
	use := func(s *section, first int, a, signs []int, kind int) {
		if signs[2] < 0 {
			p.fail("%s: angle %d: atom %d is negative, want none so", s.where(first+2), first/4+1, a[2]+1)
		}
		p.system.Angles = append(p.system.Angles, md.Angle{I: a[0], J: a[1], K: a[2],
			Theta: theta[kind], Stiffness: stiffness[kind] * (2 * kilojoules),
		})
	}
	p.records("ANGLES_INC_HYDROGEN", "angle", p.pointers[ntheth], 4, types, use)
	p.records("ANGLES_WITHOUT_HYDROGEN", "angle", p.pointers[ntheta], 4, types, use)
}

// readTorsions also makes the exceptions of 1-4 pairs. A negative third atom
// tells that the ends of this torsion are no 1-4 pair, since another torsion has
// it or they are nearer bonded; a negative fourth that it is improper.
func (p *prmtop) readTorsions() {
	types := p.pointers[nptra]
	amplitude := p.numbers("DIHEDRAL_FORCE_CONSTANT", types)
	periodicity := p.numbers("DIHEDRAL_PERIODICITY", types)
	phase := p.numbers("DIHEDRAL_PHASE", types)
	if p.err != nil {
		return
	}
	scee := p.scales("SCEE_SCALE_FACTOR", types, 1.2)
	scnb := p.scales("SCNB_SCALE_FACTOR", types, 2)
	if p.err != nil {
		return
	}
	p.scaled = map[[2]int]int{}
	used := make([][2]float64, 0) // the scales of each exception
	use := func(s *section, first int, a, signs []int, kind int) {
		if signs[2] > 0 && signs[3] > 0 {
			pair := [2]int{min(a[0], a[3]), max(a[0], a[3])}
			scales := [2]float64{scee[kind], scnb[kind]}
			switch old, found := p.scaled[pair]; {
			case found && used[old] == scales:
			case found:
				p.fail("%s: torsion %d: the 1-4 pair of atoms %d and %d has SCEE and SCNB of %v and %v, want %v and %v as at first",
					s.where(first), first/5+1, pair[0]+1, pair[1]+1, scales[0], scales[1], used[old][0], used[old][1])
			case !(scales[0] > 0 && scales[1] > 0):
				p.fail("%s: torsion %d: the SCEE and SCNB of its type %d are %v and %v, want scales above 0",
					s.where(first), first/5+1, kind+1, scales[0], scales[1])
			case !p.excluded[pair]:
				p.fail("%s: torsion %d: the 1-4 pair of atoms %d and %d is not in EXCLUDED_ATOMS_LIST, want it there",
					s.where(first), first/5+1, pair[0]+1, pair[1]+1)
			default:
				p.scaled[pair] = len(used)
				used = append(used, scales)
				p.addException(pair, scales[0], scales[1])
			}
		}
		if amplitude[kind] == 0 {
			return
		}
		n := math.Round(periodicity[kind])
		if n < 1 || n > 1000 || math.Abs(n-periodicity[kind]) > 1e-6 {
			p.fail("%s: the periodicity of type %d is %v, want a whole number, 1 or more", p.sections["DIHEDRAL_PERIODICITY"].where(kind), kind+1, periodicity[kind])
			return
		}
		t := md.Torsion{I: a[0], J: a[1], K: a[2], L: a[3], Periodicity: int(n), Phase: phase[kind], Amplitude: amplitude[kind] * kilojoules}
		if signs[3] < 0 {
			p.system.Impropers = append(p.system.Impropers, t)
		} else {
			p.system.Torsions = append(p.system.Torsions, t)
		}
	}
	p.records("DIHEDRALS_INC_HYDROGEN", "torsion", p.pointers[nphih], 5, types, use)
	p.records("DIHEDRALS_WITHOUT_HYDROGEN", "torsion", p.pointers[nphia], 5, types, use)
}

// scales are the divisors of 1-4 energies by type of torsion. Files of AMBER 10
// and before have none.
func (p *prmtop) scales(flag string, n int, usual float64) []float64 {
	if p.sections[flag] != nil {
		return p.numbers(flag, n)
	}
	return slices.Repeat([]float64{usual}, n)
}
