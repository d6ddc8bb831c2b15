#include "CSentenceModel.h"

#include <math.h>
#include <string.h>

#pragma clang assume_nonnull begin

extern const uint8_t parley_sentence_model_data[], parley_sentence_model_end[];
extern const uint8_t parley_sentence_lines_data[], parley_sentence_lines_end[];

const uint8_t *parley_sentence_model(void) { return parley_sentence_model_data; }
size_t parley_sentence_model_bytes(void) { return (size_t)(parley_sentence_model_end - parley_sentence_model_data); }
const uint8_t *parley_sentence_lines(void) { return parley_sentence_lines_data; }
size_t parley_sentence_lines_bytes(void) { return (size_t)(parley_sentence_lines_end - parley_sentence_lines_data); }

enum { width = parley_sentence_width, inner = 1536, layers = 6, heads = 12, head = 32, piecesMax = parley_sentence_pieces_max };

/// Eight at a time, also where nothing is optimised.
typedef float eight __attribute__((vector_size(32), aligned(4)));
typedef int8_t bytes8 __attribute__((vector_size(8), aligned(1)));

static float dot(const float *a, const float *b, int count) {
    eight sum = {0};
    for (int i = 0; i < count; i += 8) sum += *(const eight *)(a + i) * *(const eight *)(b + i);
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

static void widen(const int8_t *bytes, float *out, int count) {
    for (int i = 0; i < count; i += 8) {
        *(eight *)(out + i) = __builtin_convertvector(*(const bytes8 *)(bytes + i), eight);
    }
}

/// y = x · wᵀ + bias; the weights at `at`: scales, bias, rows of eight bits. Returns what follows them.
static const uint8_t *linear(const uint8_t *at, const float *x, int count, int in, int out, float *y) {
    const float *scales = (const float *)at, *bias = scales + out;
    const int8_t *rows = (const int8_t *)(bias + out);
    float row[inner];
    for (int o = 0; o < out; o++) {
        widen(rows + (size_t)o * in, row, in);
        for (int t = 0; t < count; t++) y[t * out + o] = dot(x + t * in, row, in) * scales[o] + bias[o];
    }
    return (const uint8_t *)(rows + (size_t)in * out);
}

/// x = normalised (x + added). Returns what follows the weights at `at`.
static const uint8_t *normalise(const uint8_t *at, float *x, const float *_Nullable added, int count) {
    const float *weight = (const float *)at, *bias = weight + width;
    for (int t = 0; t < count; t++, x += width) {
        float mean = 0, variance = 0;
        for (int i = 0; i < width; i++) mean += x[i] += added ? added[t * width + i] : 0;
        mean /= width;
        for (int i = 0; i < width; i++) variance += (x[i] - mean) * (x[i] - mean);
        const float scale = 1 / sqrtf(variance / width + 1e-12f);
        for (int i = 0; i < width; i++) x[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    }
    return (const uint8_t *)(bias + width);
}

static void attend(const float *q, const float *k, const float *v, int count, float *out) {
    float share[piecesMax];
    memset(out, 0, sizeof(float) * (size_t)count * width);
    for (int h = 0; h < heads; h++) {
        for (int t = 0; t < count; t++) {
            float most = -INFINITY, sum = 0;
            for (int s = 0; s < count; s++) {
                share[s] = dot(q + t * width + h * head, k + s * width + h * head, head) / sqrtf(head);
                most = fmaxf(most, share[s]);
            }
            for (int s = 0; s < count; s++) sum += share[s] = expf(share[s] - most);
            for (int s = 0; s < count; s++) {
                for (int i = 0; i < head; i++) {
                    out[t * width + h * head + i] += share[s] / sum * v[s * width + h * head + i];
                }
            }
        }
    }
}

static const uint8_t *aligned(const uint8_t *at) {
    return parley_sentence_model_data + (((size_t)(at - parley_sentence_model_data) + 3) & ~(size_t)3);
}

void parley_sentence_embed(const uint32_t *pieces, size_t count, float *scratch, float *vector) {
    const int n = (int)(count < piecesMax ? count : piecesMax);
    uint32_t sizes[2];
    memcpy(sizes, parley_sentence_model_data + 4, sizeof sizes);
    const float *scales = (const float *)aligned(parley_sentence_model_data + 12 + sizes[1]);
    const int8_t *words = (const int8_t *)(scales + sizes[0]);
    const float *positions = (const float *)aligned((const uint8_t *)words + (size_t)sizes[0] * width);
    const uint8_t *at = (const uint8_t *)(positions + 64 * width);

    float *x = scratch, *q = x + piecesMax * width, *k = q + piecesMax * width, *v = k + piecesMax * width;
    float *o = v + piecesMax * width, *p = o + piecesMax * width, *h = p + piecesMax * width;
    for (int t = 0; t < n; t++) {
        const uint32_t piece = pieces[t] < sizes[0] ? pieces[t] : 0;
        for (int i = 0; i < width; i++) {
            x[t * width + i] = words[(size_t)piece * width + i] * scales[piece] + positions[t * width + i];
        }
    }
    at = normalise(at, x, NULL, n);
    for (int layer = 0; layer < layers; layer++) {
        at = linear(at, x, n, width, width, q);
        at = linear(at, x, n, width, width, k);
        at = linear(at, x, n, width, width, v);
        attend(q, k, v, n, o);
        at = linear(at, o, n, width, width, p);
        at = normalise(at, x, p, n);
        at = linear(at, x, n, width, inner, h);
        for (int i = 0; i < n * inner; i++) h[i] *= 0.5f * (1 + erff(h[i] * (float)M_SQRT1_2));
        at = linear(at, h, n, inner, width, p);
        at = normalise(at, x, p, n);
    }
    float length = 0;
    for (int i = 0; i < width; i++) {
        float sum = 0;
        for (int t = 0; t < n; t++) sum += x[t * width + i];
        vector[i] = sum / n;
        length += vector[i] * vector[i];
    }
    for (int i = 0; i < width; i++) vector[i] /= sqrtf(length) + 1e-9f;
}

void parley_sentence_products(
    const float *vector, const int8_t *others, const float *scales, size_t count, float *products) {
    float other[width];
    for (size_t index = 0; index < count; index++) {
        widen(others + index * width, other, width);
        products[index] = dot(vector, other, width) * scales[index];
    }
}

#pragma clang assume_nonnull end
