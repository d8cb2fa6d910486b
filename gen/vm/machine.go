package vm

// Machine is what a description may know of the instruction set that it is
// compiled for.
type Machine struct {
	Name    string // as in asm.ISA's constants
	Bytes   int    // width of a vector register
	Vectors int    // vector registers
	Masks   int    // mask registers; with 0, masks take vector registers
	Ints    int    // integer registers
	// MaskedMemory: loads and stores take a mask. Otherwise a tail is a count.
	MaskedMemory bool
	// FMADestroys: FMA and FNMA add to their destination, so it must not
	// share a register with a factor.
	FMADestroys bool
	// Prepare rewrites a program before its registers are allocated, where
	// the machine has a better instruction for what it says; may be nil.
	Prepare func(p *Program)
	// Decomposes: there are instructions for Exponent and Mantissa.
	Decomposes bool
	// Scales: there is an instruction for a * 2^b (ScaleBy).
	Scales bool
	// Xor3: there is an instruction for a ^ b ^ c.
	Xor3 bool
	// Folds tells whether source i of op can be a constant or a vector in
	// memory; Broadcasts, whether it can be one element for all lanes.
	Folds      func(op Op, i int) bool
	Broadcasts bool
}

// Lanes is the number of lanes of e in a vector.
func (m *Machine) Lanes(e Elem) int { return m.Bytes / e.Bytes() }
