#ifndef PARLEY_CSENTENCEMODEL_H
#define PARLEY_CSENTENCEMODEL_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The weights of all-MiniLM-L6-v2 in eight bits, as data/README.md describes them; in the executable, never freed.
const uint8_t *parley_sentence_model(void);
size_t parley_sentence_model_bytes(void);
/// The vectors of the questions that the shipped specialists answer, as data/README.md describes them.
const uint8_t *parley_sentence_lines(void);
size_t parley_sentence_lines_bytes(void);

enum {
    parley_sentence_width = 384,
    parley_sentence_pieces_max = 48,
    /// Floats that parley_sentence_embed needs for itself.
    parley_sentence_scratch = parley_sentence_pieces_max * (384 * 6 + 1536),
};

/// One sentence as a vector of length 1.
///
/// pieces: count (1 … parley_sentence_pieces_max) numbers of word pieces, each below the model's vocabulary.
/// vector: receives parley_sentence_width floats.
void parley_sentence_embed(const uint32_t *pieces, size_t count, float *scratch, float *vector);

/// The product of a vector with each of count vectors of eight bits, times their scales.
void parley_sentence_products(const float *vector, const int8_t *others, const float *scales, size_t count, float *products);

#pragma clang assume_nonnull end

#endif
