package main

// partners are the kernels of one large system, partner atoms in lanes.
var partners []Kernel
