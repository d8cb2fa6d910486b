package kernelcheck

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"pushforward/kernels"
)

// Digest is the SHA-256 of all arrays after calls on isa from inputs that the
// seeds 0 … seeds-1 name. It must be the same on every machine.
func (k Kernel) Digest(isa kernels.ISA, seeds int) (string, error) {
	h := sha256.New()
	for seed := range seeds {
		in := Seeded(uint64(seed))
		if err := k.run(isa, in); err != nil {
			return "", err
		}
		for i := range in.arrays {
			if !in.arrays[i].free {
				h.Write(in.arrays[i].canonical())
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// canonical is the array's elements, without gaps, in 8 bytes each, all NaNs alike.
func (a *array) canonical() (b []byte) {
	for i := range a.count {
		if i%a.ld >= a.n {
			continue
		}
		x := a.mem[a.start+i*a.size:][:a.size]
		var bits uint64
		switch {
		case !a.float:
			bits = uint64(slice[int](x)[0])
		case a.nan(x):
			bits = math.Float64bits(math.NaN())
		default:
			bits = math.Float64bits(a.number(x))
		}
		b = binary.LittleEndian.AppendUint64(b, bits)
	}
	return b
}
