#include "CPhoneNumbers.h"

#include <array>
#include <atomic>
#include <cstring>
#include <list>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

// False, and nothing written, where it does not fit.
template <size_t size>
bool copy(const std::string &text, char (&out)[size]) {
    if (text.size() >= size) return false;
    std::memcpy(out, text.c_str(), text.size() + 1);
    return true;
}

parley_phone_result result(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR: return PHONE_READ;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return PHONE_NO_COUNTRY;
    case PhoneNumberUtil::NOT_A_NUMBER: return PHONE_NOT_A_NUMBER;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN: return PHONE_TOO_LONG;
    default: return PHONE_FAILED;
    }
}

parley_phone_result result(PhoneNumberUtil::ValidationResult validation) {
    switch (validation) {
    case PhoneNumberUtil::IS_POSSIBLE: return PHONE_READ;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY: return PHONE_LOCAL_ONLY;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE: return PHONE_NO_COUNTRY;
    case PhoneNumberUtil::TOO_SHORT: return PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG: return PHONE_TOO_LONG;
    case PhoneNumberUtil::INVALID_LENGTH: return PHONE_WRONG_LENGTH;
    default: return PHONE_FAILED;
    }
}

parley_phone_kind kind(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE: return PHONE_FIXED_LINE;
    case PhoneNumberUtil::MOBILE: return PHONE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return PHONE_FIXED_OR_MOBILE;
    case PhoneNumberUtil::TOLL_FREE: return PHONE_TOLL_FREE;
    case PhoneNumberUtil::PREMIUM_RATE: return PHONE_PREMIUM_RATE;
    case PhoneNumberUtil::SHARED_COST: return PHONE_SHARED_COST;
    case PhoneNumberUtil::VOIP: return PHONE_VOIP;
    case PhoneNumberUtil::PERSONAL_NUMBER: return PHONE_PERSONAL;
    case PhoneNumberUtil::PAGER: return PHONE_PAGER;
    case PhoneNumberUtil::UAN: return PHONE_COMPANY;
    case PhoneNumberUtil::VOICEMAIL: return PHONE_VOICEMAIL;
    default: return PHONE_UNKNOWN;
    }
}

// Digits, with a plus in front where there was one, of a number that is written with nothing else but blanks, hyphens, dots
// and brackets; the text itself where it is not. The library reads both as the same number, and digits in two thirds of the time.
std::string digits(const std::string &text) {
    std::string found;
    found.reserve(text.size());
    size_t count = 0;
    for (size_t at = 0; at < text.size(); at++) {
        const char byte = text[at];
        if (byte >= '0' && byte <= '9') {
            found += byte;
            count++;
        } else if (byte == '+' && at == 0) {
            found += byte;
        } else if (std::strchr(" -.()", byte) == nullptr || byte == 0) {
            return text;
        }
    }
    // Of one or two digits it matters what stands between them.
    return count > 2 ? found : text;
}

// A number of the North American plan that is written in full: ten digits of which the first is neither 0 nor 1, behind +1, 1 or
// nothing. No prefix of any kind can be in it, so that there is nothing to parse.
bool read_north_american(const std::string &digits, const char *region, PhoneNumber *number) {
    size_t start = 0;
    if (digits.size() == 12 && digits[0] == '+' && digits[1] == '1') {
        start = 2;
    } else if (region != nullptr && (std::strcmp(region, "US") == 0 || std::strcmp(region, "CA") == 0)) {
        if (digits.size() == 11 && digits[0] == '1') start = 1;
    } else {
        return false;
    }
    if (digits.size() - start != 10 || digits[start] < '2') return false;
    uint64_t national = 0;
    for (size_t at = start; at < digits.size(); at++) {
        if (digits[at] < '0' || digits[at] > '9') return false;
        national = national * 10 + static_cast<uint64_t>(digits[at] - '0');
    }
    number->set_country_code(1);
    number->set_national_number(national);
    return true;
}

// Whether several regions have the country code. The library makes a list of strings each time it is asked.
bool is_shared(const PhoneNumberUtil &util, int country_code) {
    static std::array<std::atomic<char>, 1000> known{};
    if (country_code < 0 || country_code >= 1000) return false;
    auto &entry = known[static_cast<size_t>(country_code)];
    if (entry.load(std::memory_order_relaxed) == 0) {
        std::list<std::string> sharing;
        util.GetRegionCodesForCountryCallingCode(country_code, &sharing);
        entry.store(sharing.size() > 1 ? 2 : 1, std::memory_order_relaxed);
    }
    return entry.load(std::memory_order_relaxed) == 2;
}

}  // namespace

parley_phone_result parley_phone_read(const char *text, size_t length, const char *region, int with_kind,
                                      parley_phone_number *number) {
    std::memset(number, 0, sizeof *number);
    number->kind = PHONE_UNKNOWN;
    if (text == nullptr || length == 0) return PHONE_NOT_A_NUMBER;
    try {
        const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
        PhoneNumber parsed;
        const std::string written = digits(std::string(text, length));
        if (!read_north_american(written, region, &parsed)) {
            const auto error = util.Parse(written, region == nullptr ? "ZZ" : region, &parsed);
            if (error != PhoneNumberUtil::NO_PARSING_ERROR) return result(error);
            const auto validation = result(util.IsPossibleNumberWithReason(parsed));
            if (validation != PHONE_READ) return validation;
        }
        std::string e164, found;
        util.Format(parsed, PhoneNumberUtil::E164, &e164);
        if (!copy(e164, number->e164)) return PHONE_TOO_LONG;
        if (parsed.has_extension() && !copy(parsed.extension(), number->extension)) return PHONE_TOO_LONG;
        util.GetRegionCodeForNumber(parsed, &found);
        // "001" stands for numbers of the whole world, "ZZ" for those of no known range.
        if (found.size() == 2 && found != "ZZ") copy(found, number->region);
        if (found.empty() || found == "ZZ") return PHONE_READ;
        // Of several regions with one country code, the one was looked for in whose ranges the number is.
        number->is_known = is_shared(util, parsed.country_code());
        if (!number->is_known || with_kind != 0) {
            const auto type = util.GetNumberType(parsed);
            number->is_known = type != PhoneNumberUtil::UNKNOWN;
            if (with_kind != 0) number->kind = kind(type);
        }
        return PHONE_READ;
    } catch (...) {
        return PHONE_FAILED;
    }
}

int parley_phone_is_region(const char *region) {
    try {
        return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region) != 0;
    } catch (...) {
        return 0;
    }
}
