package neon

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/arch/arm64/arm64asm"
)

// plain brings texts of disassemblers to one form: lower case, no blanks but
// the one after the mnemonic, numbers in decimal, every register of a list
// by its name.
func plain(s string) string {
	s, _, _ = strings.Cut(s, "//")
	name, operands, _ := strings.Cut(strings.Join(strings.Fields(strings.ToLower(s)), " "), " ")
	operands = strings.ReplaceAll(operands, " ", "")
	operands = immediate.ReplaceAllStringFunc(operands, func(s string) string {
		var n int64
		if _, err := fmt.Sscanf(s, "#0x%x", &n); err == nil {
			return fmt.Sprintf("#%d", n)
		}
		var x float64
		fmt.Sscanf(s, "#%g", &x)
		return fmt.Sprintf("#%g", x)
	})
	return name + " " + registerRange.ReplaceAllStringFunc(operands, func(s string) string {
		var from, to V
		m := registerRange.FindStringSubmatch(s)
		fmt.Sscan(m[1], &from)
		fmt.Sscan(m[3], &to)
		var list []string
		for v := from; ; v = (v + 1) % 32 {
			list = append(list, fmt.Sprintf("v%d.%s", v, m[2]))
			if v == to {
				return strings.Join(list, ",")
			}
		}
	})
}

var (
	immediate     = regexp.MustCompile(`#-?[0-9][0-9a-fx.e+-]*`)
	registerRange = regexp.MustCompile(`v(\d+)\.(\w+)-v(\d+)\.\w+`)
)

// xarch is the disassembler of golang.org/x/arch, which is always there.
func xarch(_ *testing.T, words []uint32) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		if in, err := arm64asm.Decode(binary.LittleEndian.AppendUint32(nil, w)); err != nil {
			texts[i] = err.Error()
		} else {
			texts[i] = arm64asm.GNUSyntax(in)
		}
	}
	return texts
}

func TestPlainReadsEveryDisassemblersSpelling(t *testing.T) {
	for _, pair := range [][2]string{
		{"FADD\tv1.4S,  v2.4s, V3.4s", "fadd v1.4s, v2.4s, v3.4s"},
		{"ld1 { v31.2d, v0.2d, v1.2d }, [x3]", "ld1 {v31.2d-v1.2d}, [x3]"},
		{"ldr q1, [x2, #0x20]", "ldr q1, [x2, #32] // a comment"},
		{"fmov v1.2d, #1.000000000000000000e+00", "fmov v1.2d, #1.0"},
		{"ldur s1, [x2, #-16]", "ldur s1, [x2, #-16]"},
	} {
		if plain(pair[0]) != plain(pair[1]) {
			t.Errorf("%q and %q differ: %q, %q", pair[0], pair[1], plain(pair[0]), plain(pair[1]))
		}
	}
	if plain("fadd v1.4s, v2.4s, v3.4s") == plain("fadd v1.4s, v3.4s, v2.4s") {
		t.Error("swapped operands look alike")
	}
}
