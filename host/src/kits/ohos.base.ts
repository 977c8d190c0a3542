// Types only (AsyncCallback, Callback, BusinessError…): the app's imports of them vanish when it is compiled.
export {};
