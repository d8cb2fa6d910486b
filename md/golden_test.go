package md

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// digest is the SHA-256 of the numbers' bits, little-endian.
func digest[T kernels.Float](x []T) string {
	var raw []byte
	for _, v := range x {
		switch v := any(v).(type) {
		case float32:
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		case float64:
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
		}
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}

func goldenPositions[T kernels.Float](t *testing.T, scheme Scheme) string {
	x0 := make([]T, 2*300)
	Draw(newLaw(t, 1), x0, 2026, 1<<40)
	s := simulate(t, x0, Options{Dt: 0.05, Beta: 1, Scheme: scheme, Seed: 1 << 63}, 200, nil)
	return digest(s.Positions(nil))
}

func TestGoldenDigestsHoldOnEveryMachine(t *testing.T) {
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) { goldenDigests(t) })
}

func goldenDigests(t *testing.T) {
	law := newLaw(t, 1)
	x := make([]float64, 2*2000)
	Draw(law, x, 12345, 1<<33)
	table := []float64{law.Z(), law.LogZ(), law.Entropy(), law.MeanFirstPassage(-1, 1)}
	for _, p := range []float64{1e-9, 0.1, 0.3, 0.77} {
		table = append(table, law.Quantile(0, p), law.Quantile(1, p), law.CDF(0, p), law.Density(1, p))
	}
	for name, c := range map[string]struct{ got, want string }{
		"exact draws":                    {digest(x), "fbf5e257021280ed"},
		"integrals":                      {digest(table), "c1c02e07a3b3c432"},
		"float32 by Euler–Maruyama":      {goldenPositions[float32](t, EulerMaruyama), "b973056f6df2ed2f"},
		"float64 by Euler–Maruyama":      {goldenPositions[float64](t, EulerMaruyama), "3471411102a9f434"},
		"float32 by Leimkuhler–Matthews": {goldenPositions[float32](t, LeimkuhlerMatthews), "ef8975c6dd7aa063"},
		"float64 by Leimkuhler–Matthews": {goldenPositions[float64](t, LeimkuhlerMatthews), "9590750d760db462"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", name, c.got, c.want)
		}
	}
}
