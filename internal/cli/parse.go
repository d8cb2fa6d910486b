package cli

import (
	"flag"
	"strings"
)

// parse sets the options in args and returns the other arguments. The standard
// library's own Parse stops at the first of those, so `w2 A B --period 1` would
// not work, and its errors are several lines.
func parse(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return append(rest, args...), nil
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if name == "help" || name == "h" {
			return nil, flag.ErrHelp
		}
		f := flags.Lookup(name)
		if f == nil {
			return nil, Usagef("unknown option %s%s", strings.SplitN(arg, "=", 2)[0], suggestion(flags, name))
		}
		switch {
		case hasValue:
		case isBool(f.Value):
			value = "true"
		case len(args) == 0:
			return nil, Usagef("option --%s needs a value: %s", name, f.Usage)
		default:
			value, args = args[0], args[1:]
		}
		// Through the set, so that Visit knows which options were given.
		if err := flags.Set(name, value); err != nil {
			return nil, wrongValue(f, value, err)
		}
	}
	var missing []string
	flags.VisitAll(func(f *flag.Flag) {
		if _, must := f.Value.(required); must {
			missing = append(missing, "--"+f.Name)
		}
	})
	flags.Visit(func(f *flag.Flag) {
		for i, name := range missing {
			if name == "--"+f.Name {
				missing = append(missing[:i], missing[i+1:]...)
				break
			}
		}
	})
	if len(missing) > 0 {
		return nil, Usagef("missing %s", strings.Join(missing, ", "))
	}
	return rest, nil
}

func isBool(v flag.Value) bool {
	if r, ok := v.(required); ok {
		v = r.Value
	}
	b, ok := v.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// wrongValue words the errors of the standard library's values.
func wrongValue(f *flag.Flag, value string, err error) error {
	v := f.Value
	if r, ok := v.(required); ok {
		v = r.Value
	}
	want := err.Error()
	if expects, ok := v.(interface{ Expects() string }); ok {
		want = "want " + expects.Expects()
	} else if kind := kindOf(v); kind != "" {
		want = "want " + kind
	}
	return Usagef("option --%s: %q: %s", f.Name, value, want)
}

func kindOf(v flag.Value) string {
	getter, ok := v.(flag.Getter)
	if !ok {
		return ""
	}
	switch getter.Get().(type) {
	case bool:
		return "true or false"
	case int, int64:
		return "a whole number"
	case uint, uint64:
		return "a whole number of 0 or more"
	case float64:
		return "a number"
	default:
		return "a duration such as 90s or 10m"
	}
}

// suggestion gives the option that was probably meant.
func suggestion(flags *flag.FlagSet, name string) string {
	best, least := "", 3
	if len(name) < 4 {
		least = 2
	}
	flags.VisitAll(func(f *flag.Flag) {
		if d := distance(name, f.Name); d < least {
			best, least = f.Name, d
		}
	})
	if best == "" {
		return ""
	}
	return ", did you mean --" + best + "?"
}

// distance is Levenshtein's: insertions, deletions and replacements.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
