package neon

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// requireObjdump is the environment variable that makes these tests fail
// where neither binutils nor LLVM for arm64 is installed.
const requireObjdump = "PUSHFORWARD_REQUIRE_OBJDUMP"

// A disassembler gives the text of each word.
type disassembler func(*testing.T, []uint32) []string

// disassemblers returns those there are here, by name.
func disassemblers(t *testing.T) map[string]disassembler {
	found := map[string]disassembler{"golang.org/x/arch": xarch}
	if _, err := exec.LookPath("aarch64-linux-gnu-objdump"); err == nil {
		found["binutils"] = binutils
	}
	if _, err := exec.LookPath("llvm-mc"); err == nil {
		found["llvm"] = llvm
	}
	if len(found) == 1 && os.Getenv(requireObjdump) == "1" {
		t.Fatal("neither aarch64-linux-gnu-objdump nor llvm-mc is installed, and " + requireObjdump + "=1 asks for one")
	}
	return found
}

func binutils(t *testing.T, words []uint32) []string {
	file := filepath.Join(t.TempDir(), "words")
	var b []byte
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	out := output(t, nil, "aarch64-linux-gnu-objdump", "-D", "-z", "-b", "binary", "-m", "aarch64", file)
	var texts []string
	for _, line := range strings.Split(out, "\n") {
		if p := strings.SplitN(line, "\t", 3); len(p) == 3 { // address, word, text
			texts = append(texts, p[2])
		}
	}
	return texts
}

func llvm(t *testing.T, words []uint32) []string {
	var in bytes.Buffer
	for _, w := range words {
		fmt.Fprintf(&in, "0x%02x 0x%02x 0x%02x 0x%02x\n", w&255, w>>8&255, w>>16&255, w>>24)
	}
	out := output(t, &in, "llvm-mc", "-disassemble", "-triple=aarch64", "-mattr=+neon")
	var texts []string
	for _, line := range strings.Split(out, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, ".") {
			texts = append(texts, line)
		}
	}
	return texts
}

func output(t *testing.T, in *bytes.Buffer, name string, args ...string) string {
	cmd := exec.Command(name, args...)
	if in != nil {
		cmd.Stdin = in
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.String())
	}
	return string(out)
}

// agree checks the words of insts against their texts.
func agree(t *testing.T, insts []Inst) {
	words := make([]uint32, len(insts))
	for i, in := range insts {
		words[i] = in.Word
	}
	for name, disassemble := range disassemblers(t) {
		texts := disassemble(t, words)
		if len(texts) != len(insts) {
			t.Fatalf("%s gave %d texts for %d words", name, len(texts), len(insts))
		}
		bad := map[string]string{}
		for i, in := range insts {
			if plain(texts[i]) != plain(in.Text) {
				bad[strings.Fields(in.Text)[0]] = fmt.Sprintf("%08x: have %q, %s says %q", in.Word, in.Text, name, texts[i])
			}
		}
		for _, s := range bad {
			t.Error(s)
		}
		t.Logf("%s read %d words", name, len(insts))
	}
}

func TestDisassemblersReadTheWordsAsTheirTexts(t *testing.T) { agree(t, samples()) }

func TestWordsOfTheGeneratedFilesAgreeWithTheirComments(t *testing.T) {
	files, err := filepath.Glob("../../asm/*_arm64.s")
	if err != nil || len(files) == 0 {
		t.Fatalf("no generated files in ../../asm: %v", err)
	}
	line := regexp.MustCompile(`^\s*WORD\s+\$0x([0-9a-f]{8})\s*//\s*(.+)$`)
	var insts []Inst
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for n, s := range strings.Split(string(text), "\n") {
			if !strings.Contains(s, "WORD") || strings.HasPrefix(strings.TrimSpace(s), "//") {
				continue
			}
			m := line.FindStringSubmatch(s)
			if m == nil {
				t.Errorf("%s:%d: %q: want WORD $0x........ // instruction", file, n+1, s)
				continue
			}
			var in Inst
			fmt.Sscanf(m[1], "%x", &in.Word)
			in.Text = m[2]
			insts = append(insts, in)
		}
	}
	agree(t, insts)
}
