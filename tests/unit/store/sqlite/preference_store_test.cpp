#include "unit/store/conformance/preference.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, PreferenceConformance, SqliteBackend);

}  // namespace yimen::store::test
