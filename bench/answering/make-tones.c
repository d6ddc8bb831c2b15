// Tones of exchanges and faxes, as libspandsp makes them: 16-bit samples at 8 kHz without a header, a file each.
// usage: make-tones DIRECTORY
#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <spandsp.h>

static const char *directory;

static FILE *open_file(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.raw", directory, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void silence(FILE *file, int ms) {
    int16_t nothing[8] = {0};
    for (int i = 0; i < ms; i++) fwrite(nothing, sizeof(int16_t), 8, file);
}

static void tone(FILE *file, int hz, int ms, int level) {
    tone_gen_descriptor_t descriptor;
    tone_gen_state_t state;
    int16_t samples[160];
    tone_gen_descriptor_init(&descriptor, hz, level, 0, 0, ms, 0, 0, 0, 0);
    tone_gen_init(&state, &descriptor);
    for (int got; (got = tone_gen(&state, samples, 160)) > 0;) fwrite(samples, sizeof(int16_t), got, file);
}

static void modem(const char *name, int type, int ms) {
    FILE *file = open_file(name);
    modem_connect_tones_tx_state_t *state = modem_connect_tones_tx_init(NULL, type);
    int16_t samples[160];
    silence(file, 300);
    for (int sent = 0; sent < ms; sent += 20) {
        int got = modem_connect_tones_tx(state, samples, 160);
        if (got < 160) memset(samples + got, 0, (160 - got) * sizeof(int16_t));
        fwrite(samples, sizeof(int16_t), 160, file);
    }
    modem_connect_tones_tx_free(state);
    fclose(file);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    directory = arguments[1];
    // Bellcore SR-2275 and ITU-T E.180: which tones are low and which long says why there is no call.
    static const struct { const char *name; int hz[3]; int ms[3]; } information[] = {
        {"sit-intercept", {914, 1371, 1777}, {274, 274, 380}}, {"sit-vacant", {985, 1371, 1777}, {380, 274, 380}},
        {"sit-reorder", {914, 1429, 1777}, {274, 380, 380}},   {"sit-no-circuit", {985, 1429, 1777}, {380, 380, 380}},
        {"sit-reorder-far", {985, 1371, 1777}, {274, 380, 380}}, {"sit-no-circuit-far", {914, 1371, 1777}, {380, 380, 380}},
        {"sit-itu", {950, 1400, 1800}, {330, 330, 330}},
    };
    for (size_t i = 0; i < sizeof information / sizeof information[0]; i++) {
        FILE *file = open_file(information[i].name);
        silence(file, 200);
        for (int part = 0; part < 3; part++) tone(file, information[i].hz[part], information[i].ms[part], -15);
        silence(file, 200);
        fclose(file);
    }
    modem("fax-cng", MODEM_CONNECT_TONES_FAX_CNG, 8000);
    modem("fax-ced", MODEM_CONNECT_TONES_FAX_CED, 4000);
    modem("modem-ans", MODEM_CONNECT_TONES_ANS, 4000);
    modem("modem-ans-pr", MODEM_CONNECT_TONES_ANS_PR, 4000);
    modem("modem-ansam", MODEM_CONNECT_TONES_ANSAM, 4000);
    modem("modem-ansam-pr", MODEM_CONNECT_TONES_ANSAM_PR, 4000);
    static const int beeps[] = {400, 440, 500, 620, 800, 850, 950, 1000, 1100, 1200, 1400, 1633, 2000};
    static const int lengths[] = {150, 250, 500, 1000};
    for (size_t i = 0; i < sizeof beeps / sizeof beeps[0]; i++) {
        for (size_t length = 0; length < sizeof lengths / sizeof lengths[0]; length++) {
            char name[64];
            snprintf(name, sizeof name, "beep-%d-%d", beeps[i], lengths[length]);
            FILE *file = open_file(name);
            tone(file, beeps[i], lengths[length], -14);
            fclose(file);
        }
    }
    return 0;
}
