#pragma once

#include <string_view>

#include "sync/mapping/text_arena.h"

namespace yimen::sync::mapping {

/// Check digits and forms of the standards. Each takes a text in half width without blanks around it and gives its one
/// canonical form (the text itself when it has it already), or a null cell when it is wrong. Any thread, own arena.

/// Citizen identity number, GB 11643-1999: 18 characters with a real birth date and the check character of ISO 7064
/// MOD 11-2; x becomes X. The 15 digits of before 1999 become 18.
CellText canonicalIdCard(std::string_view text, TextArena& arena);

/// Unified social credit code, GB 32100-2015: 18 characters of an alphabet without I O S V Z, check character modulo
/// 31. Lower case becomes upper case.
CellText canonicalCreditCode(std::string_view text, TextArena& arena);

/// Division, GB/T 2260 (6 digits) with street (9) and community (12): form and province only; whether the code is in
/// force is a question for a code table.
CellText canonicalDivision(std::string_view text, TextArena& arena);

/// Telephone number of the mainland: mobile (+86 and blanks go away), fixed line with area code ("0411-84567890", with
/// extension "-801"), 400 and 800 numbers, short service numbers (110, 12345, 95598).
CellText canonicalPhone(std::string_view text, TextArena& arena);

/// Check character of the first 17 characters, which must be digits; 0 when they are not.
char idCardCheck(std::string_view first17) noexcept;
/// Check character of the first 17 characters; 0 when one is not of the alphabet.
char creditCodeCheck(std::string_view first17) noexcept;

}  // namespace yimen::sync::mapping
