package molfile

import (
	"math"
	"slices"

	"pushforward/md"
)

// maxSpecialPairs bounds the exceptions that NBFIX makes, which grow as the
// square of the number of atoms.
const maxSpecialPairs = 1 << 22

// lennardJones holds the parameters of pairs of types of atoms.
type lennardJones struct {
	types   int
	pairs   []ljPair        // [types][types]
	special map[[2]int]bool // pairs of types i < j that do not follow from those of i and j
}

type ljPair struct{ sigma, epsilon float64 } // nm, kJ/mol

func (t *lennardJones) of(i, j int) ljPair { return t.pairs[i*t.types+j] }

// mixed is the rule of Lorentz and Berthelot.
func mixed(a, b ljPair) ljPair {
	return ljPair{(a.sigma + b.sigma) / 2, math.Sqrt(a.epsilon * b.epsilon)}
}

// follows tells whether coefficients A/r¹² − B/r⁶ in kcal/mol and Å are those of
// a pair, to the precision that OpenMM asks for.
func (l ljPair) follows(a, b float64) bool {
	const tolerance = 1e-6
	r := l.sigma / nanometers
	r6 := r * r * r * r * r * r
	e := 4 * l.epsilon / kilojoules
	return math.Abs(a-float64(e*r6*r6)) <= tolerance*a && math.Abs(b-float64(e*r6)) <= tolerance*b
}

// readLennardJones turns the table of coefficients by pairs of types into
// parameters of atoms.
func (p *prmtop) readLennardJones() {
	types := p.pointers[ntypes]
	index := p.integers("NONBONDED_PARM_INDEX", types*types)
	pairs := types * (types + 1) / 2
	a, b := p.numbers("LENNARD_JONES_ACOEF", pairs), p.numbers("LENNARD_JONES_BCOEF", pairs)
	if p.err != nil {
		return
	}
	// coefficients are those of a pair of types. A negative index stands for
	// 10-12 terms, which are all 0: see refuse.
	coefficients := func(i, j int) (float64, float64) {
		at := i*types + j
		k := index[at]
		if k < 0 && -k <= p.pointers[nphb] {
			return 0, 0
		}
		if k < 1 || k > pairs {
			p.fail("%s: value %d is %d, want 1 to %d", p.sections["NONBONDED_PARM_INDEX"].where(at), at+1, k, pairs)
			return 0, 0
		}
		if k != index[j*types+i] {
			p.fail("%s: value %d is %d, want %d as for the types in the other order", p.sections["NONBONDED_PARM_INDEX"].where(at), at+1, k, index[j*types+i])
		}
		return a[k-1], b[k-1]
	}
	p.lj = lennardJones{types: types, pairs: make([]ljPair, types*types), special: map[[2]int]bool{}}
	for i := range types {
		for j := i; j >= 0; j-- { // the one with itself first
			aij, bij := coefficients(i, j)
			pair := ljPair{}
			switch {
			case aij > 0 && bij > 0:
				pair = ljPair{sixthRoot(aij/bij) * nanometers, bij * bij / (4 * aij) * kilojoules}
			case aij != 0 || bij != 0:
				p.fail("%%FLAG LENNARD_JONES_ACOEF: the coefficients of types %d and %d are A = %v and B = %v, want both above 0, or both 0", j+1, i+1, aij, bij)
			}
			if p.err != nil {
				return
			}
			p.lj.pairs[i*types+j], p.lj.pairs[j*types+i] = pair, pair
			if i != j && !mixed(p.lj.of(i, i), p.lj.of(j, j)).follows(aij, bij) {
				if p.lj.special[[2]int{j, i}] = true; len(p.lj.special) > maxSpecialPairs {
					p.fail("%%FLAG LENNARD_JONES_ACOEF: the coefficients of more than %d pairs of types do not follow from those of the types (NBFIX), want fewer", maxSpecialPairs)
				}
			}
		}
	}
	for i := range p.system.Atoms {
		self := p.lj.of(p.types[i], p.types[i])
		p.system.Atoms[i].Sigma, p.system.Atoms[i].Epsilon = self.sigma, self.epsilon
	}
}

// readExcluded reads the pairs without energy. An atom without partners after
// it has a single 0.
func (p *prmtop) readExcluded() {
	n := len(p.system.Atoms)
	counts := p.integers("NUMBER_EXCLUDED_ATOMS", n)
	list := p.integers("EXCLUDED_ATOMS_LIST", p.pointers[nnb])
	if p.err != nil {
		return
	}
	p.excluded = make(map[[2]int]bool, len(list))
	at := 0
	for i, count := range counts {
		if count < 0 || count > len(list)-at {
			p.fail("%s: atom %d has %d excluded atoms, want 0 to %d, for EXCLUDED_ATOMS_LIST has no more", p.sections["NUMBER_EXCLUDED_ATOMS"].where(i), i+1, count, len(list)-at)
			return
		}
		for k := at; k < at+count; k++ {
			j := list[k] - 1
			if j == -1 {
				continue
			}
			if j < 0 || j >= n || j == i {
				p.fail("%s: atom %d excludes atom %d, want another from 1 to %d", p.sections["EXCLUDED_ATOMS_LIST"].where(k), i+1, j+1, n)
				return
			}
			p.excluded[[2]int{min(i, j), max(i, j)}] = true
		}
		at += count
	}
	if at != len(list) {
		p.fail("line %d: %%FLAG NUMBER_EXCLUDED_ATOMS: the sum is %d, want %d, the length of EXCLUDED_ATOMS_LIST", p.sections["NUMBER_EXCLUDED_ATOMS"].line, at, len(list))
	}
}

// addException gives a pair an energy of its own.
func (p *prmtop) addException(pair [2]int, scee, scnb float64) {
	i, j := pair[0], pair[1]
	lj := p.lj.of(p.types[i], p.types[j])
	p.system.Exceptions = append(p.system.Exceptions, md.Exception{I: i, J: j,
		ChargeProduct: p.system.Atoms[i].Charge * p.system.Atoms[j].Charge / scee,
		Sigma:         lj.sigma, Epsilon: lj.epsilon / scnb,
	})
}

// readExceptions sorts the excluded pairs into exclusions and 1-4 pairs, and
// finds the pairs whose types are special.
func (p *prmtop) readExceptions() {
	list := p.sections["EXCLUDED_ATOMS_LIST"].ints
	at := 0
	listed := make(map[[2]int]bool, len(p.excluded))
	for i, count := range p.sections["NUMBER_EXCLUDED_ATOMS"].ints {
		for _, j := range list[at : at+count] {
			pair := [2]int{min(i, j-1), max(i, j-1)}
			_, is14 := p.scaled[pair]
			if j > 0 && !is14 && !listed[pair] {
				p.system.Exclusions = append(p.system.Exclusions, pair)
				listed[pair] = true
			}
		}
		at += count
	}
	if len(p.lj.special) == 0 {
		return
	}
	members := make([][]int, p.lj.types)
	for i, t := range p.types {
		members[t] = append(members[t], i)
	}
	var pairs [][2]int
	for types := range p.lj.special {
		first, second := members[types[0]], members[types[1]]
		if len(first)*len(second) > maxSpecialPairs-len(pairs) {
			p.fail("%%FLAG LENNARD_JONES_ACOEF: the coefficients of more than %d pairs do not follow from those of their atoms (NBFIX), want fewer", maxSpecialPairs)
			return
		}
		for _, i := range first {
			for _, j := range second {
				if pair := [2]int{min(i, j), max(i, j)}; !p.excluded[pair] {
					pairs = append(pairs, pair)
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for _, pair := range pairs {
		p.addException(pair, 1, 1)
	}
}
