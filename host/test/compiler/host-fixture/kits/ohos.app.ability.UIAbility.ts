export default class UIAbility {}
