package kernels_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"pushforward/internal/kernelcheck"
)

// functions lists the package's functions by file, tests included or alone.
func functions(t *testing.T, tests bool) (list []*ast.FuncDecl) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") != tests {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
				list = append(list, d)
			}
		}
	}
	return list
}

// isKernel: the exported functions over a type of float are the kernels.
func isKernel(f *ast.FuncDecl) bool { return f.Name.IsExported() && f.Type.TypeParams != nil }

// The collector stops a goroutine at a function's prologue; so each kernel has
// one, and so has each function that calls assembly (see preempt_test.go).
func TestWhatCallsAssemblyIsNotInlined(t *testing.T) {
	for _, f := range functions(t, false) {
		if !isKernel(f) && !callsAssembly(f) {
			continue
		}
		if f.Doc == nil || !slices.ContainsFunc(f.Doc.List, func(c *ast.Comment) bool { return c.Text == "//go:noinline" }) {
			t.Errorf("%s lacks //go:noinline", f.Name.Name)
		}
	}
}

func callsAssembly(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if s, ok := call.Fun.(*ast.SelectorExpr); ok {
			if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "asm" && s.Sel.Name != "Parse" {
				found = true
			}
		}
		return true
	})
	return found
}

func TestEveryKernelIsInTheTableAndHasItsFuzzTargetAndBenchmark(t *testing.T) {
	var inTests []string
	for _, f := range functions(t, true) {
		inTests = append(inTests, f.Name.Name)
	}
	for _, f := range functions(t, false) {
		name := f.Name.Name
		if !isKernel(f) {
			continue
		}
		if !slices.ContainsFunc(kernelcheck.Table, func(k kernelcheck.Kernel) bool { return k.Name == name }) {
			t.Errorf("%s is missing in kernelcheck.Table", name)
		}
		for _, want := range []string{"Fuzz" + name, "Benchmark" + name} {
			if !slices.Contains(inTests, want) {
				t.Errorf("there is no %s", want)
			}
		}
	}
}
