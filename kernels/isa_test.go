package kernels

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/cpuid/v2"

	"pushforward/asm"
)

func TestInstructionSetsThatACPUHas(t *testing.T) {
	avx2 := []cpuid.FeatureID{cpuid.AVX2, cpuid.FMA3}
	avx512 := append([]cpuid.FeatureID{cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX512BW, cpuid.AVX512VL}, avx2...)
	for _, c := range []struct {
		name     string
		arch     string
		features []cpuid.FeatureID
		want     []ISA
	}{
		{"an amd64 CPU without AVX2 runs plain Go", "amd64", nil, []ISA{Go}},
		{"AVX2 without FMA is not enough", "amd64", avx2[:1], []ISA{Go}},
		{"AVX2 and FMA", "amd64", avx2, []ISA{Go, AVX2}},
		{"all of AVX-512", "amd64", avx512, []ISA{Go, AVX2, AVX512}},
		{"AVX-512 without DQ falls back to AVX2", "amd64", slices.DeleteFunc(slices.Clone(avx512),
			func(f cpuid.FeatureID) bool { return f == cpuid.AVX512DQ }), []ISA{Go, AVX2}},
		{"arm64 has NEON", "arm64", nil, []ISA{Go, NEON}},
		{"another architecture runs plain Go", "riscv64", avx512, []ISA{Go}},
	} {
		t.Run(c.name, func(t *testing.T) {
			has := func(want ...cpuid.FeatureID) bool {
				for _, f := range want {
					if !slices.Contains(c.features, f) {
						return false
					}
				}
				return true
			}
			if got := detect(cpu{c.arch, has}); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestChoiceByEnvironmentVariable(t *testing.T) {
	list := []ISA{Go, AVX2}
	for _, c := range []struct {
		wish  string
		want  ISA
		error string // a part of the message
	}{
		{"", AVX2, ""},
		{"avx2", AVX2, ""},
		{"go", Go, ""},
		{"avx512", Go, "avx512 is not available here; this CPU and build have go, avx2"},
		{"sse9", Go, `unknown instruction set "sse9"`},
		{"AVX2", Go, "want avx512, avx2, neon or go"},
	} {
		got, err := choose(c.wish, list)
		if got != c.want {
			t.Errorf("%q chooses %v, want %v", c.wish, got, c.want)
		}
		switch {
		case c.error == "" && err != nil:
			t.Errorf("%q: %v", c.wish, err)
		case c.error != "" && (err == nil || !strings.Contains(err.Error(), c.error)):
			t.Errorf("%q gives error %v, want one with %q", c.wish, err, c.error)
		}
	}
}

func TestForceRefusesWhatIsNotThere(t *testing.T) {
	before := Active()
	for _, isa := range []ISA{Go, AVX2, AVX512, NEON, 77} {
		restore, err := Force(isa)
		if there := slices.Contains(Available(), isa); there != (err == nil) {
			t.Errorf("Force(%v): error %v, though available is %v", isa, err, there)
		}
		if err == nil && Active() != isa {
			t.Errorf("after Force(%v), Active is %v", isa, Active())
		}
		restore()
		if Active() != before {
			t.Errorf("restore after Force(%v) leaves %v, want %v", isa, Active(), before)
		}
	}
}

// CI names the sets that a machine must run, so that none is skipped in silence:
// tests run on whatever Available lists.
func TestRequiredInstructionSetsAreRun(t *testing.T) {
	required := os.Getenv("PUSHFORWARD_REQUIRE_ISA")
	for name := range strings.FieldsFuncSeq(required, func(r rune) bool { return r == ',' }) {
		isa, err := asm.Parse(strings.TrimSpace(name))
		if err != nil {
			t.Errorf("PUSHFORWARD_REQUIRE_ISA: %v", err)
		} else if !slices.Contains(Available(), isa) {
			t.Errorf("PUSHFORWARD_REQUIRE_ISA wants %v, but tests ran on %v only", isa, Available())
		}
	}
}

func TestInstructionSetNamesParseBack(t *testing.T) {
	for _, isa := range []ISA{Go, AVX2, AVX512, NEON} {
		if got, err := asm.Parse(isa.String()); got != isa || err != nil {
			t.Errorf("Parse(%q) = %v, %v", isa.String(), got, err)
		}
	}
}
