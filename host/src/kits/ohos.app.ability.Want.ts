/** A bag of optional fields; its type comes from the declaration. */
export default class Want {}
