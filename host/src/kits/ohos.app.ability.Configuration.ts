// Types only: the app's imports of them vanish when it is compiled.
export default {};
