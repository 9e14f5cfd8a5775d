import common from './common';
import home from './home';
import me from './me';

export default { ...common, ...home, ...me };
