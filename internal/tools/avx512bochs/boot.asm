# ROM of the emulated machine, in place of a BIOS (GNU as, linked at 0xf0000).
#
# From the reset vector it enters 32-bit protected mode, reads the first sector
# of the disk, which lists what to load (pairs of address and number of sectors,
# in the order in which they lie on the disk, ended by address 0), loads it, and
# enters Linux by its 32-bit boot protocol: esi = boot_params, flat segments
# 0x10 and 0x18, interrupts off.

        .set    TABLE,  0x7000          # also the top of the stack
        .set    PARAMS, 0x10000         # the same in image.go
        .set    KERNEL, 0x100000

        .text
        .globl  _start
_start:
        .code16
enter16:
        cli
        cld
        lgdtl   %cs:gdtr - _start
        movl    %cr0, %eax
        orb     $1, %al
        movl    %eax, %cr0
        ljmpl   $0x10, $enter32

        .code32
enter32:
        movw    $0x18, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %fs
        movw    %ax, %gs
        movw    %ax, %ss
        movl    $TABLE, %esp
        movb    $2, %al                 # A20 line on
        outb    %al, $0x92

        xorl    %ebx, %ebx              # next sector
        movl    $TABLE, %edi
        movl    $1, %ecx
        call    read
        movl    $TABLE, %esi
1:      lodsl
        testl   %eax, %eax
        jz      2f
        movl    %eax, %edi
        lodsl
        movl    %eax, %ecx
        call    read
        jmp     1b

2:      movl    $PARAMS, %esi
        xorl    %ebx, %ebx
        xorl    %edi, %edi
        xorl    %ebp, %ebp
        movl    $KERNEL, %eax
        jmp     *%eax

# read: ecx sectors from sector ebx on to address edi (ATA, 28-bit addresses).
read:
        pushl   %ecx
        movw    $0x1f2, %dx
        movb    $1, %al                 # one sector
        outb    %al, %dx
        movl    %ebx, %eax
        incw    %dx
        outb    %al, %dx
        shrl    $8, %eax
        incw    %dx
        outb    %al, %dx
        shrl    $8, %eax
        incw    %dx
        outb    %al, %dx
        movb    %ah, %al
        andb    $0x0f, %al
        orb     $0xe0, %al              # first drive, linear addresses
        incw    %dx
        outb    %al, %dx
        movb    $0x20, %al              # READ SECTORS
        incw    %dx
        outb    %al, %dx
3:      inb     %dx, %al
        testb   $0x08, %al              # data ready
        jz      3b
        movw    $0x1f0, %dx
        movl    $256, %ecx
        rep insw
        incl    %ebx
        popl    %ecx
        decl    %ecx
        jnz     read
        ret

        .balign 8
gdt:    .quad   0, 0
        .quad   0x00cf9a000000ffff      # 0x10: code, flat
        .quad   0x00cf92000000ffff      # 0x18: data, flat
gdtr:   .word   gdtr - gdt - 1
        .long   gdt

        .org    0xfff0                  # the reset vector
        .code16
        jmp     enter16
        .org    0x10000
