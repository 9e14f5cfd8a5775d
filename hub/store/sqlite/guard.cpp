#include "store/sqlite/guard.h"

#include <Poco/Data/SQLite/SQLiteException.h>

#include <string>

namespace yimen::store::sqlite {

namespace lite = Poco::Data::SQLite;
using core::ErrorCode;
using core::makeError;

namespace {

core::Error describe(const char* name, ErrorCode code, const char* message, const char* kind) {
    return makeError(code, message, std::string("statement ") + name + ": " + kind);
}

}  // namespace

core::Status guarded(const char* name, const std::function<core::Status()>& work) {
    try {
        return work();
    } catch (const lite::ConstraintViolationException&) {
        return describe(name, ErrorCode::kConflict, "it exists already, or refers to something that does not exist",
                        "constraint violated");
    } catch (const lite::CorruptImageException&) {
        return describe(name, ErrorCode::kCorrupt, "the data file is damaged", "corrupt image");
    } catch (const Poco::Exception& failure) {
        return describe(name, ErrorCode::kUnavailable, "the data store does not answer", failure.className());
    } catch (const std::exception&) {
        return describe(name, ErrorCode::kInternal, "the data store failed", "library exception");
    }
}

}  // namespace yimen::store::sqlite
