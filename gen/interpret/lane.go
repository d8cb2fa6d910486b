package interpret

import (
	"math"

	"pushforward/gen/vm"
)

// lane is one lane of an operation whose lanes are independent.
func lane(op vm.Op, e vm.Elem, imm int64, x [3]uint64) (uint64, bool) {
	if y, ok := integer(op, e, imm, x); ok {
		return y, true
	}
	if op == vm.AddMasked {
		if x[0] == 0 {
			return x[2], true
		}
		return lane(vm.Add, e, imm, [3]uint64{x[2], x[1]})
	}
	if e == vm.F64 {
		var f [3]float64
		for i := range f {
			f[i] = math.Float64frombits(x[i])
		}
		if c, ok := compare(op, f); ok {
			return mask(e, c), true
		}
		y, ok := arithmetic(op, f, math.FMA, math.Sqrt)
		return math.Float64bits(y), ok
	}
	var f [3]float32
	for i := range f {
		f[i] = math.Float32frombits(uint32(x[i]))
	}
	switch op {
	case vm.IntToFloat:
		return uint64(math.Float32bits(float32(int32(x[0])))), true
	case vm.FloatToInt:
		return uint64(uint32(int32(math.RoundToEven(float64(f[0]))))), true
	}
	if c, ok := compare(op, f); ok {
		return mask(e, c), true
	}
	// The square root of a float32, rounded to float64 and then again, is the
	// one rounded once: 53 bits are more than twice 24.
	y, ok := arithmetic(op, f, fma32, func(x float32) float32 { return float32(math.Sqrt(float64(x))) })
	return uint64(math.Float32bits(y)), ok
}

func mask(e vm.Elem, c bool) uint64 {
	if !c {
		return 0
	}
	return math.MaxUint64 >> (64 - e.Bits())
}

func integer(op vm.Op, e vm.Elem, imm int64, x [3]uint64) (uint64, bool) {
	a, b, c := x[0], x[1], x[2]
	signed := func(x uint64) int64 {
		if e == vm.F32 {
			return int64(int32(x))
		}
		return int64(x)
	}
	switch op {
	case vm.ICmpEQ:
		return mask(e, a == b), true
	case vm.ICmpGT:
		return mask(e, signed(a) > signed(b)), true
	case vm.Select:
		return a&b | ^a&c, true
	case vm.MaskAnd, vm.And, vm.AndMask:
		return a & b, true
	case vm.MaskOr, vm.Or:
		return a | b, true
	case vm.Xor:
		return a ^ b, true
	case vm.AndNot:
		return ^a & b, true
	case vm.IAdd:
		return a + b, true
	case vm.ISub:
		return a - b, true
	case vm.Shl:
		return a << imm, true
	case vm.Shr:
		return a >> imm, true
	case vm.Sar:
		return uint64(uint32(int32(a) >> imm)), true
	}
	return 0, false
}

func compare[T float32 | float64](op vm.Op, x [3]T) (c, ok bool) {
	switch op {
	case vm.CmpLT:
		return x[0] < x[1], true
	case vm.CmpLE:
		return x[0] <= x[1], true
	case vm.CmpEQ:
		return x[0] == x[1], true
	case vm.CmpNE:
		return x[0] != x[1], true
	}
	return false, false
}

func arithmetic[T float32 | float64](op vm.Op, x [3]T, fma func(a, b, c T) T, sqrt func(T) T) (T, bool) {
	a, b, c := x[0], x[1], x[2]
	switch op {
	case vm.Add:
		return a + b, true
	case vm.Sub:
		return a - b, true
	case vm.Mul:
		return a * b, true
	case vm.Div:
		return a / b, true
	case vm.Sqrt:
		return sqrt(a), true
	case vm.FMA:
		return fma(a, b, c), true
	case vm.FNMA:
		return fma(-a, b, c), true
	case vm.Max:
		if a > b {
			return a, true
		}
		return b, true
	case vm.Min:
		if a < b {
			return a, true
		}
		return b, true
	case vm.RoundEven:
		return T(math.RoundToEven(float64(a))), true
	case vm.Exponent:
		switch {
		case a == 0:
			return T(math.Inf(-1)), true
		case math.IsInf(float64(a), 0):
			return T(math.Inf(1)), true
		}
		return T(math.Logb(float64(a))), true
	case vm.Mantissa:
		switch {
		case a < 0:
			return T(math.NaN()), true
		case a == 0 || math.IsInf(float64(a), 1):
			return 1, true
		}
		m, _ := math.Frexp(float64(a)) // in [0.5, 1)
		if _, single := any(a).(float32); !single || m < 0.75 {
			m *= 2
		}
		return T(m), true
	case vm.ScaleBy:
		return T(math.Ldexp(float64(a), int(b))), true
	}
	return 0, false
}

// fma32 is a*b + c rounded once. The product is exact in float64; the sum is
// rounded to odd there, which a second rounding to float32 cannot spoil.
func fma32(a, b, c float32) float32 {
	p, z := float64(a)*float64(b), float64(c)
	s := p + z
	if math.IsInf(s, 0) || math.IsNaN(s) {
		return float32(s)
	}
	t := s - p
	if e := (p - (s - t)) + (z - t); e != 0 {
		if bits := math.Float64bits(s); bits&1 == 0 {
			if (e > 0) == (s > 0) {
				bits++
			} else {
				bits--
			}
			s = math.Float64frombits(bits)
		}
	}
	return float32(s)
}
