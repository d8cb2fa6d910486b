package molfile

import (
	"math"
	"strings"
)

// symbols are the elements by atomic number.
var symbols = strings.Fields(`- H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn
	Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm
	Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs
	Mt Ds Rg Cn Nh Fl Mc Lv Ts Og`)

// standardMasses are those of the elements that molecules are made of (IUPAC 2021, Da).
var standardMasses = []struct {
	symbol string
	mass   float64
}{
	{"H", 1.008}, {"Li", 6.94}, {"B", 10.81}, {"C", 12.011}, {"N", 14.007}, {"O", 15.999}, {"F", 18.998},
	{"Na", 22.990}, {"Mg", 24.305}, {"Si", 28.085}, {"P", 30.974}, {"S", 32.06}, {"Cl", 35.45}, {"K", 39.098},
	{"Ca", 40.078}, {"Mn", 54.938}, {"Fe", 55.845}, {"Co", 58.933}, {"Ni", 58.693}, {"Cu", 63.546}, {"Zn", 65.38},
	{"Se", 78.971}, {"Br", 79.904}, {"Rb", 85.468}, {"I", 126.90}, {"Cs", 132.91},
}

// symbolOf is the symbol of an atomic number, or nothing.
func symbolOf(number int) string {
	if number < 1 || number >= len(symbols) {
		return ""
	}
	return symbols[number]
}

// elementByMass guesses the symbol of an atom from its mass, or, where the mass
// is no element's (as when mass has been moved to hydrogens), from its name.
func elementByMass(mass float64, name string) string {
	for _, e := range standardMasses {
		if math.Abs(mass-e.mass) < 0.05 {
			return e.symbol
		}
	}
	return elementByName(name)
}

// elementByName guesses the symbol from the first letter of a name such as HB1
// or 1HB. Metals and halogens beyond F cannot be told from CA, CD or NE.
func elementByName(name string) string {
	letters := strings.TrimLeft(strings.ToUpper(name), "0123456789'\"*+- ")
	if letters != "" && strings.Contains("HCNOSPFBIK", letters[:1]) {
		return letters[:1]
	}
	return ""
}

// properSymbol turns CL or cl into Cl, and what is no element into nothing.
func properSymbol(text string) string {
	if len(text) < 1 || len(text) > 2 {
		return ""
	}
	s := strings.ToUpper(text[:1]) + strings.ToLower(text[1:])
	for _, symbol := range symbols[1:] {
		if s == symbol {
			return s
		}
	}
	return ""
}
