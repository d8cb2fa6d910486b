package cli

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Choice defines an option whose value is one of a few words; the first is the
// default.
func Choice(flags *flag.FlagSet, name, usage string, words ...string) *string {
	c := &choice{words[0], words}
	flags.Var(c, name, fmt.Sprintf("`%s`: %s", strings.Join(words, "|"), usage))
	return &c.value
}

type choice struct {
	value string
	words []string
}

func (c *choice) String() string  { return c.value }
func (c *choice) Expects() string { return strings.Join(c.words, " or ") }
func (c *choice) Set(s string) error {
	if !slices.Contains(c.words, s) {
		return fmt.Errorf("want %s", c.Expects())
	}
	c.value = s
	return nil
}

// Count defines an option whose value is a whole number of at least least.
// Exponents such as 1e6 are understood.
func Count(flags *flag.FlagSet, name string, value, least int, usage string) *int {
	c := &count{value, least}
	flags.Var(c, name, usage)
	return &c.value
}

type count struct{ value, least int }

func (c *count) String() string  { return strconv.Itoa(c.value) }
func (c *count) Expects() string { return fmt.Sprintf("a whole number of %d or more", c.least) }
func (c *count) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil {
		f, floatErr := strconv.ParseFloat(s, 64)
		if floatErr != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return err
		}
		n = int(f)
	}
	if n < c.least {
		return fmt.Errorf("want %s", c.Expects())
	}
	c.value = n
	return nil
}

// Positive defines an option whose value is a finite number above 0.
func Positive(flags *flag.FlagSet, name string, value float64, usage string) *float64 {
	return number(flags, name, value, usage, "a number above 0", func(v float64) bool { return v > 0 })
}

// NonNegative defines an option whose value is a finite number of 0 or more.
func NonNegative(flags *flag.FlagSet, name string, value float64, usage string) *float64 {
	return number(flags, name, value, usage, "a number of 0 or more", func(v float64) bool { return v >= 0 })
}

// Share defines an option whose value is at least 0 and less than 1.
func Share(flags *flag.FlagSet, name string, value float64, usage string) *float64 {
	return number(flags, name, value, usage, "a number from 0 to less than 1", func(v float64) bool { return v >= 0 && v < 1 })
}

func number(flags *flag.FlagSet, name string, value float64, usage, expects string, ok func(float64) bool) *float64 {
	n := &checkedNumber{value, expects, ok}
	flags.Var(n, name, usage)
	return &n.value
}

type checkedNumber struct {
	value   float64
	expects string
	ok      func(float64) bool
}

func (n *checkedNumber) String() string  { return strconv.FormatFloat(n.value, 'g', -1, 64) }
func (n *checkedNumber) Expects() string { return n.expects }
func (n *checkedNumber) Set(s string) error {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) || !n.ok(v) {
		return fmt.Errorf("want %s", n.expects)
	}
	n.value = v
	return nil
}

// Numbers defines an option whose value is a list of finite numbers with
// commas between them; the default is none.
func Numbers(flags *flag.FlagSet, name, usage string) *[]float64 {
	n := &numbers{}
	flags.Var(n, name, usage)
	return &n.values
}

type numbers struct{ values []float64 }

func (n *numbers) String() string {
	var texts []string
	for _, v := range n.values {
		texts = append(texts, strconv.FormatFloat(v, 'g', -1, 64))
	}
	return strings.Join(texts, ",")
}

func (n *numbers) Expects() string { return "numbers with commas between them, such as 360,360" }

func (n *numbers) Set(s string) error {
	var values []float64
	for text := range strings.SplitSeq(s, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return fmt.Errorf("want %s", n.Expects())
		}
		values = append(values, v)
	}
	n.values = values
	return nil
}

// Counts defines an option whose value is a list of whole numbers of at least
// least, with commas between them.
func Counts(flags *flag.FlagSet, name string, values []int, least int, usage string) *[]int {
	n := &counts{values, least}
	flags.Var(n, name, usage)
	return &n.values
}

type counts struct {
	values []int
	least  int
}

func (n *counts) String() string {
	var texts []string
	for _, v := range n.values {
		texts = append(texts, strconv.Itoa(v))
	}
	return strings.Join(texts, ",")
}

func (n *counts) Expects() string {
	return fmt.Sprintf("whole numbers of %d or more with commas between them, such as 128,128", n.least)
}

func (n *counts) Set(s string) error {
	var values []int
	for text := range strings.SplitSeq(s, ",") {
		v, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || v < n.least {
			return fmt.Errorf("want %s", n.Expects())
		}
		values = append(values, v)
	}
	n.values = values
	return nil
}
