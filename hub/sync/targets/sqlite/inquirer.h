#pragma once

#include <memory>
#include <string>

#include "sync/inquiry.h"

namespace yimen::sync::sqlite {

/// Opens the file anew for each question, read-only, and lets nothing but reading through.
std::shared_ptr<Inquirer> makeInquirer(std::string path);

}  // namespace yimen::sync::sqlite
