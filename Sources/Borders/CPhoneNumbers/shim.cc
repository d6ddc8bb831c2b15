#include "CPhoneNumbers.h"

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

}  // namespace

parley_phone_result parley_phone_read(const char *text, size_t length, const char *region, int with_kind,
                                      parley_phone_number *number) {
    std::memset(number, 0, sizeof *number);
    number->kind = PHONE_UNKNOWN;
    if (text == nullptr || length == 0) return PHONE_NOT_A_NUMBER;
    try {
        const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
        PhoneNumber parsed;
        const auto error = util.Parse(std::string(text, length), region == nullptr ? "ZZ" : region, &parsed);
        if (error != PhoneNumberUtil::NO_PARSING_ERROR) return result(error);
        const auto validation = result(util.IsPossibleNumberWithReason(parsed));
        if (validation != PHONE_READ) return validation;
        std::string e164, found;
        util.Format(parsed, PhoneNumberUtil::E164, &e164);
        if (!copy(e164, number->e164)) return PHONE_TOO_LONG;
        if (parsed.has_extension() && !copy(parsed.extension(), number->extension)) return PHONE_TOO_LONG;
        util.GetRegionCodeForNumber(parsed, &found);
        // "001" stands for numbers of the whole world, "ZZ" for those of no known range.
        if (found.size() == 2 && found != "ZZ") copy(found, number->region);
        if (found.empty() || found == "ZZ") return PHONE_READ;
        // Of several regions with one country code, the one was looked for in whose ranges the number is.
        std::list<std::string> sharing;
        util.GetRegionCodesForCountryCallingCode(parsed.country_code(), &sharing);
        number->is_known = sharing.size() > 1;
        if (sharing.size() == 1 || with_kind != 0) {
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
