package neon

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// assemble runs Go's assembler over the lines, which must each make one
// word, and returns the words.
func assemble(t *testing.T, lines []string) []uint32 {
	dir := t.TempDir()
	file := filepath.Join(dir, "lines_arm64.s")
	text := "TEXT ·lines(SB), 4, $0-0\n" + strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "tool", "asm", "-S", "-p", "lines", "-o", filepath.Join(dir, "lines.o"), file)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var code []byte
	for _, m := range regexp.MustCompile(`(?m)^\t0x[0-9a-f]{4,} ((?:[0-9a-f]{2} )+)`).FindAllSubmatch(out, -1) {
		b, err := hex.DecodeString(strings.ReplaceAll(string(m[1]), " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		code = append(code, b...)
	}
	var words []uint32
	for ; len(code) >= 4; code = code[4:] {
		words = append(words, binary.LittleEndian.Uint32(code))
	}
	return words
}

func TestGoAssemblerMakesTheSameWords(t *testing.T) {
	all := samples()
	lines := make([]string, len(all))
	for i, in := range all {
		lines[i] = in.String()
	}
	words := assemble(t, lines)
	if len(words) < len(all) {
		t.Fatalf("%d lines made %d words", len(all), len(words))
	}
	bad := map[string]string{}
	for i, in := range all {
		if words[i] != in.Word {
			bad[strings.Fields(in.Text)[0]] = fmt.Sprintf("%q makes %08x, want %08x: %s", lines[i], words[i], in.Word, in.Text)
		}
	}
	for _, s := range bad {
		t.Error(s)
	}
}
