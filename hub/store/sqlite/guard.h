#pragma once

#include <functional>

#include "core/result.h"

namespace yimen::store::sqlite {

/// Calls `work` and turns every exception of Poco and the library into an Error that names the statement and the kind
/// of failure, never a value. The one place of this folder where exceptions are caught.
core::Status guarded(const char* name, const std::function<core::Status()>& work);

}  // namespace yimen::store::sqlite
