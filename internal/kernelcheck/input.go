package kernelcheck

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"unsafe"

	"pushforward/kernels"
)

// Input is where the arguments of a kernel's call are drawn from. The same
// source gives the same arguments.
type Input struct {
	// N fixes the number of samples (elements, columns) of the call; negative
	// leaves it to be drawn.
	N int
	// Place, where it is not nil, gives the memory for each array. Otherwise
	// arrays lie between guard bands on the heap.
	Place func(array, size int) []byte

	data   []byte // decides first,
	state  uint64 // then a generator does
	arrays []array
}

// Seeded is an input whose every number comes from a generator.
func Seeded(seed uint64) *Input { return &Input{N: -1, state: seed} }

// FromBytes is an input whose numbers are those of data, as a fuzzer gives them,
// and then a generator's.
func FromBytes(data []byte) *Input {
	h := fnv.New64a()
	h.Write(data)
	return &Input{N: -1, data: data, state: h.Sum64()}
}

// word draws 64 bits: splitmix64, once the data is used up.
func (in *Input) word() uint64 {
	if len(in.data) >= 8 {
		w := binary.LittleEndian.Uint64(in.data)
		in.data = in.data[8:]
		return w
	}
	in.state += 0x9e3779b97f4a7c15
	z := in.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws an integer in [0, n); control decisions use a byte or two of data.
func (in *Input) below(n int) int {
	if len(in.data) >= 2 && n <= 1<<16 {
		w := int(binary.LittleEndian.Uint16(in.data))
		in.data = in.data[2:]
		return w % n
	}
	return int(in.word() % uint64(n))
}

func (in *Input) chance(one int) bool { return in.below(one) == 0 }

// samples draws the number of samples of a call: mostly about as many as a
// kernel's tile, sometimes more than a chunk.
func (in *Input) samples() int {
	kind := in.below(64)
	switch {
	case in.N >= 0:
		return in.N
	case kind == 0:
		return 8100 + in.below(9000)
	case kind < 6:
		return in.below(1500)
	}
	return in.below(200)
}

// short is the number of samples for a kernel that is slow in plain Go.
func (in *Input) short() int {
	if in.N >= 0 {
		return in.N
	}
	if in.chance(16) {
		return in.below(600)
	}
	return in.below(150)
}

// features draws a number of features, hidden units or rows.
func (in *Input) features(most int) int {
	if in.chance(8) {
		return in.below(most + 1)
	}
	return in.below(min(most, 9) + 1)
}

// values fills x with numbers of one of several styles, drawn by their bits.
func values[T kernels.Float](in *Input, x []T) {
	style := in.below(16)
	for i := range x {
		switch {
		case style < 8: // of order one
			x[i] = drawn[T](in, -6, 3)
		case style < 10: // of all magnitudes whose products are finite
			x[i] = drawn[T](in, -40, 40)
		case style < 12: // special here and there
			if x[i] = drawn[T](in, -6, 3); in.word()%16 == 0 {
				x[i] = special[T](in)
			}
		case style == 12: // tiny ones, subnormals, products that underflow
			low := -1074
			if size[T]() == 4 {
				low = -149
			}
			x[i] = drawn[T](in, low, low/2)
		case style == 13: // special
			x[i] = special[T](in)
		default: // any bits
			x[i] = fromBits[T](in.word())
		}
	}
}

// drawn is a number of either sign with a random fraction and an exponent
// between low and high.
func drawn[T kernels.Float](in *Input, low, high int) T {
	w := in.word()
	e := low + int(w>>53)%(high-low+1)
	v := math.Ldexp(1+float64(w<<12>>12)/(1<<52), e)
	if w>>52&1 == 1 {
		v = -v
	}
	return T(v)
}

var specials = []float64{
	0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1, -1, 0.5, -0.5, 2, 1 << 24, 1 << 53,
	math.MaxFloat32, -math.MaxFloat32, math.MaxFloat64, math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32,
	math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0x1p-126, 0x1p-127, 0x1.fffffcp-127, 0x1p-1022, 0x1p-1023,
	88.72283, 88.72284, -87.33655, -103.97208, -104, 709.782712893384, 709.7827128933841, -708.4, -745.13, -746,
	math.Pi, math.Pi / 2, math.Pi / 4, 3 * math.Pi / 4, 1e5, 1e10, 1e22, math.Sqrt2, math.Sqrt2 / 2, math.Ln2, 9.01, 19.06,
}

func special[T kernels.Float](in *Input) T {
	return T(specials[in.word()%uint64(len(specials))])
}

func fromBits[T kernels.Float](w uint64) T {
	if size[T]() == 4 {
		return T(math.Float32frombits(uint32(w)))
	}
	return T(math.Float64frombits(w))
}

func size[T any]() int {
	var x T
	return int(unsafe.Sizeof(x))
}
