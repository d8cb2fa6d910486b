package npy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseHeader reads the Python dictionary of a header: the keys 'descr',
// 'fortran_order' and 'shape', each once, in any order.
func parseHeader(text string) (Header, error) {
	p := parser{rest: text}
	var h Header
	seen := map[string]bool{}
	if !p.accept('{') {
		return h, p.unexpected("header", "{")
	}
	for !p.accept('}') {
		key, err := p.str("header")
		if err != nil {
			return h, err
		}
		if seen[key] {
			return h, fmt.Errorf("header: the key %q appears twice", key)
		}
		seen[key] = true
		if !p.accept(':') {
			return h, p.unexpected("header", ":")
		}
		switch key {
		case "descr":
			err = p.descr(&h)
		case "fortran_order":
			err = p.boolean(&h)
		case "shape":
			err = p.shape(&h)
		default:
			err = fmt.Errorf("header: unknown key %q, want descr, fortran_order and shape", key)
		}
		if err != nil {
			return h, err
		}
		if !p.accept(',') && !p.peek('}') {
			return h, p.unexpected("header", ", or }")
		}
	}
	if p.space(); p.rest != "" {
		return h, p.unexpected("header", "nothing but spaces after }")
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, fmt.Errorf("header: the key %q is missing", key)
		}
	}
	return h, nil
}

// parser walks over a Python literal.
type parser struct{ rest string }

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

func (p *parser) peek(c byte) bool {
	p.space()
	return p.rest != "" && p.rest[0] == c
}

func (p *parser) accept(c byte) bool {
	if !p.peek(c) {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) unexpected(field, want string) error {
	p.space()
	if p.rest == "" {
		return fmt.Errorf("%s: ends too early, want %s", field, want)
	}
	return fmt.Errorf("%s: found %q, want %s", field, p.rest[:min(len(p.rest), 20)], want)
}

// str reads a string without escapes, which no valid header needs.
func (p *parser) str(field string) (string, error) {
	p.space()
	if p.rest != "" && (p.rest[0] == '\'' || p.rest[0] == '"') {
		if end := strings.IndexByte(p.rest[1:], p.rest[0]); end >= 0 {
			s := p.rest[1 : 1+end]
			p.rest = p.rest[2+end:]
			return s, nil
		}
	}
	return "", p.unexpected(field, "a string in quotes")
}

func (p *parser) descr(h *Header) error {
	if p.peek('[') || p.peek('(') || p.peek('{') {
		return errors.New("dtype: a structured array, want plain numbers such as '<f8'")
	}
	s, err := p.str("dtype")
	if err != nil {
		return err
	}
	if len(s) > 20 {
		return fmt.Errorf("dtype: %q is too long, want one such as '<f8'", s[:20])
	}
	h.Descr = s
	return nil
}

func (p *parser) boolean(h *Header) error {
	p.space()
	for text, value := range map[string]bool{"True": true, "False": false} {
		if rest, found := strings.CutPrefix(p.rest, text); found {
			h.Fortran, p.rest = value, rest
			return nil
		}
	}
	return p.unexpected("fortran_order", "True or False")
}

func (p *parser) shape(h *Header) error {
	if !p.accept('(') {
		return p.unexpected("shape", "a tuple such as (1000, 2)")
	}
	h.Shape = []int{}
	for !p.accept(')') {
		if len(h.Shape) == maxDims {
			return fmt.Errorf("shape: more than %d dimensions", maxDims)
		}
		p.space()
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "-0123456789"))
		if digits == 0 {
			return p.unexpected("shape", "a length")
		}
		text := p.rest[:digits]
		n, err := strconv.Atoi(text)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return fmt.Errorf("shape: the length %.30s is too large", text)
		case err != nil:
			return p.unexpected("shape", "a length")
		case n < 0:
			return fmt.Errorf("shape: the length %d is negative, want 0 or more", n)
		}
		h.Shape = append(h.Shape, n)
		p.rest = strings.TrimPrefix(p.rest[digits:], "L") // Python 2 wrote 3L
		comma := p.accept(',')
		if !comma && !p.peek(')') {
			return p.unexpected("shape", ", or )")
		}
		if !comma && len(h.Shape) == 1 {
			return errors.New("shape: a number in parentheses, want a tuple such as (3,)")
		}
	}
	return nil
}
