export default { createHttp: (): object => ({}) };
