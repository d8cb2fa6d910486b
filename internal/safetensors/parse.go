package safetensors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// parseHeader walks over the JSON token by token: encoding/json alone would
// take the last of two equal keys without a word.
func parseHeader(header []byte) (*File, []entry, error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, errors.New("header: does not begin with {, this is no safetensors file")
	}
	if !utf8.Valid(header) {
		return nil, nil, errors.New("header: is no valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(header))
	d.UseNumber()
	f := &File{tensors: map[string]tensor{}}
	var entries []entry
	err := object(d, "header", func(name string) error {
		if name == metadataKey {
			f.Metadata = map[string]string{}
			return object(d, metadataKey, func(key string) error {
				value, err := token[string](d, metadataKey+": "+label(key), "a string")
				f.Metadata[key] = value
				return err
			})
		}
		if name == "" {
			return errors.New("header: an array has an empty name")
		}
		e := entry{name: name}
		err := e.parse(d)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, c := range header[d.InputOffset():] {
		if c != ' ' {
			return nil, nil, fmt.Errorf("header: found %q after }, want nothing but spaces", c)
		}
	}
	return f, entries, nil
}

func (e *entry) parse(d *json.Decoder) error {
	seen := 0
	name := label(e.name)
	err := object(d, name, func(key string) (err error) {
		seen++
		switch key {
		case "dtype":
			e.dtype, err = token[string](d, name+": dtype", "a string")
		case "shape":
			var lengths []int64
			lengths, err = integers(d, name+": shape")
			e.shape = make([]int, len(lengths))
			for i, n := range lengths {
				e.shape[i] = int(n)
				if int64(e.shape[i]) != n {
					return fmt.Errorf("%s: shape: the length %d is too large", name, n)
				}
			}
		case "data_offsets":
			var offsets []int64
			offsets, err = integers(d, name+": data_offsets")
			if err == nil && len(offsets) != 2 {
				return fmt.Errorf("%s: data_offsets: %d numbers, want begin and end", name, len(offsets))
			}
			if err == nil {
				e.begin, e.end = offsets[0], offsets[1]
			}
		default:
			return fmt.Errorf("%s: unknown key %q, want dtype, shape and data_offsets", name, label(key))
		}
		return err
	})
	if err == nil && seen != 3 {
		return fmt.Errorf("%s: a key is missing, want dtype, shape and data_offsets", e.name)
	}
	return err
}

// object reads {"key": value, ...}; value reads each value.
func object(d *json.Decoder, field string, value func(key string) error) error {
	if t, err := token[json.Delim](d, field, "{"); err != nil || t != '{' {
		return wrongToken(field, t, "{", err)
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := token[string](d, field, "a key")
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%s: the key %q appears twice", field, label(key))
		}
		seen[key] = true
		if err := value(key); err != nil {
			return err
		}
	}
	if t, err := token[json.Delim](d, field, "}"); err != nil || t != '}' {
		return wrongToken(field, t, "}", err)
	}
	return nil
}

func integers(d *json.Decoder, field string) ([]int64, error) {
	if t, err := token[json.Delim](d, field, "["); err != nil || t != '[' {
		return nil, wrongToken(field, t, "[", err)
	}
	list := []int64{}
	for d.More() {
		number, err := token[json.Number](d, field, "a whole number")
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(number.String(), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %.30s, want a whole number below 2^63", field, number)
		}
		list = append(list, n)
	}
	if t, err := token[json.Delim](d, field, "]"); err != nil || t != ']' {
		return nil, wrongToken(field, t, "]", err)
	}
	return list, nil
}

func token[T any](d *json.Decoder, field, want string) (T, error) {
	t, err := d.Token()
	if errors.Is(err, io.EOF) {
		return *new(T), fmt.Errorf("%s: the header ends too early, want %s", field, want)
	}
	if err != nil {
		return *new(T), fmt.Errorf("%s: %w, want %s", field, err, want)
	}
	v, ok := t.(T)
	if !ok {
		return v, wrongToken(field, t, want, nil)
	}
	return v, nil
}

func wrongToken(field string, got any, want string, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: found %.30q, want %s", field, fmt.Sprint(got), want)
}
