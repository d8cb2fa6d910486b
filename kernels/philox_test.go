package kernels

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// The vectors are those that the authors publish with Random123 (kat_vectors,
// philox4x32 10).
func TestPhiloxGivesItsAuthorsVectors(t *testing.T) {
	const all = 0xffffffff
	for _, c := range []struct {
		ctr  [4]uint32
		key  [2]uint32
		want [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{all, all, all, all}, [2]uint32{all, all}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0}, [4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := Philox4x32(c.ctr, c.key); got != c.want {
			t.Errorf("counter %08x, key %08x: %08x, want %08x", c.ctr, c.key, got, c.want)
		}
	}
}

func TestEveryBitOfCounterAndKeyChangesHalfOfPhiloxsBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const draws = 2000
	for bit := range 128 + 64 {
		flips := 0
		for range draws {
			ctr := [4]uint32{r.Uint32(), r.Uint32(), r.Uint32(), r.Uint32()}
			key := [2]uint32{r.Uint32(), r.Uint32()}
			before := Philox4x32(ctr, key)
			if bit < 128 {
				ctr[bit/32] ^= 1 << (bit % 32)
			} else {
				key[bit/32-4] ^= 1 << (bit % 32)
			}
			for i, w := range Philox4x32(ctr, key) {
				flips += bits.OnesCount32(w ^ before[i])
			}
		}
		// 128 fair coins a draw: mean 64, variance 32.
		if off := float64(flips) - 64*draws; off*off > 25*32*draws {
			t.Errorf("bit %d: %.3f of 128 bits change", bit, float64(flips)/draws)
		}
	}
}
