#pragma once

#include <memory>

#include "core/secret.h"
#include "sync/inquiry.h"

namespace yimen::sync::postgres {

/// A connection of its own for each question, in a transaction that only reads and with the server's own time limit.
std::shared_ptr<Inquirer> makeInquirer(core::Secret conninfo);

}  // namespace yimen::sync::postgres
