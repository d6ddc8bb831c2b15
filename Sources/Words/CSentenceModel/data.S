    .section .rodata
    .balign 64
    .global parley_sentence_model_data
    .hidden parley_sentence_model_data
parley_sentence_model_data:
    .incbin "model.bin"
    .global parley_sentence_model_end
    .hidden parley_sentence_model_end
parley_sentence_model_end:
    .balign 64
    .global parley_sentence_lines_data
    .hidden parley_sentence_lines_data
parley_sentence_lines_data:
    .incbin "lines.bin"
    .global parley_sentence_lines_end
    .hidden parley_sentence_lines_end
parley_sentence_lines_end:

    .section .note.GNU-stack, "", %progbits
