package npy

import "hash/crc32"

// appendedChecksum is the CRC-32 of a text of which the checksums of two parts
// are known, and how many bytes the second has.
//
// A CRC is a polynomial over the field of two elements modulo that of IEEE 802.3;
// n more bytes multiply it by x^(8n).
func appendedChecksum(first, second uint32, n int64) uint32 {
	power := uint32(1) << 31        // x⁰: the coefficients run from the highest bit
	square := uint32(1) << (31 - 8) // x⁸
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			power = multiplyModulo(power, square)
		}
		square = multiplyModulo(square, square)
	}
	return multiplyModulo(power, first) ^ second
}

// multiplyModulo multiplies two polynomials modulo that of the CRC-32.
func multiplyModulo(a, b uint32) uint32 {
	product := uint32(0)
	for ; a != 0; a <<= 1 {
		if a>>31 != 0 {
			product ^= b
		}
		carry := b & 1
		b >>= 1 // times x
		if carry != 0 {
			b ^= crc32.IEEE
		}
	}
	return product
}
